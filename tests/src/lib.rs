//! Tests that look at the project from outside; they stand beside this file's folder.
