//! Reports: who may ask, and the question handed to the reports' own room.

use std::sync::Arc;

use warp::reply::Response;

use super::request::Request;
use crate::accounts::{Scope, site_access};
use crate::app::App;
use crate::error::ApiError;

/// Answers one report of a site.
pub(crate) async fn report(app: Arc<App>, request: Request) -> Result<Response, ApiError> {
    let (_, _site) = site_access(&app, &request, Scope::AnalyticsRead)?;
    Err(ApiError::not_found("unknown_report", format!("There is no report {:?}.", request.parameter(1))))
}

/// Explains one order.
pub(crate) async fn order(app: Arc<App>, request: Request) -> Result<Response, ApiError> {
    let (_, _site) = site_access(&app, &request, Scope::AnalyticsRead)?;
    Err(ApiError::not_found("unknown_order", format!("There is no order {:?}.", request.parameter(1))))
}
