//! Tests of orders folded in every order of arrival.
