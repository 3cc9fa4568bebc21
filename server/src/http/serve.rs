//! The accept loop: connections with a limit and timeouts, and a stop that lets answers finish.

use std::convert::Infallible;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use warp::http::Request as HttpRequest;

use super::front::Front;

/// A head that is not whole by then is given up; a connection at rest is closed then too.
const HEAD_TIMEOUT: Duration = Duration::from_secs(15);
/// Answers under way have this long when the server stops.
const STOP_TIMEOUT: Duration = Duration::from_secs(10);
/// Bytes of a head and of what is read ahead.
const BUFFER_BYTES: usize = 64 * 1024;

/// Why a server cannot listen.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// The port is taken.
    #[error(
        "{0} is in use by another program; stop it, or choose another port, for example {1} 127.0.0.1:8090"
    )]
    InUse(SocketAddr, &'static str),
    /// The system refuses.
    #[error(
        "cannot listen on {address}: {source}; choose another address, for example {setting} 127.0.0.1:8090"
    )]
    Refused {
        /// The address.
        address: SocketAddr,
        /// The setting that named it.
        setting: &'static str,
        /// What the system said.
        source: std::io::Error,
    },
}

/// Listens on an address that a setting named.
pub async fn listen(address: SocketAddr, setting: &'static str) -> Result<TcpListener, ListenError> {
    TcpListener::bind(address).await.map_err(|source| {
        if source.kind() == ErrorKind::AddrInUse {
            ListenError::InUse(address, setting)
        } else {
            ListenError::Refused { address, setting, source }
        }
    })
}

/// Serves connections until `stop` is ready; then lets the answers under way finish.
pub async fn serve(
    listener: TcpListener,
    front: Front,
    max_connections: usize,
    stop: impl Future<Output = ()>,
) {
    let places = Arc::new(Semaphore::new(max_connections.max(1)));
    let graceful = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let (stream, peer, place) = tokio::select! {
            () = &mut stop => break,
            accepted = accept(&listener, &places) => accepted,
        };
        let front = front.clone();
        let service = service_fn(move |request: HttpRequest<Incoming>| {
            let front = front.clone();
            async move { Ok::<_, Infallible>(front.answer(peer.ip(), request).await) }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIMEOUT)
            .max_buf_size(BUFFER_BYTES)
            .serve_connection(TokioIo::new(stream), service);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended early");
            }
            drop(place);
        });
    }
    drop(listener);
    if tokio::time::timeout(STOP_TIMEOUT, graceful.shutdown()).await.is_err() {
        tracing::warn!("some answers were not finished in time");
    }
}

/// The next connection; while all places are taken, none is accepted and the others wait in the system's queue.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> (TcpStream, SocketAddr, Option<tokio::sync::OwnedSemaphorePermit>) {
    // The semaphore is never closed, so there always is a place in the end.
    let place = places.clone().acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                if let Err(error) = stream.set_nodelay(true) {
                    tracing::debug!(%error, "a connection keeps its delay");
                }
                return (stream, peer, place);
            }
            // Out of descriptors, most likely: a moment's rest lets some be given back.
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}
