//! Reads the shared cases of `tests/cases/`.
