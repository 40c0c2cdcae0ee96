//! Why the store did not do what it was asked: in words for whoever runs the server.

use std::fmt;

use rusqlite::ErrorCode;

/// A store's failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The disk takes no more: it is full, or a limit is reached.
    Full,
    /// The file or the disk may only be read.
    ReadOnly,
    /// The file was taken away while it was in use, or another one is in its place.
    Gone(String),
    /// Another process has the data folder.
    Taken(String),
    /// The file was made by a newer version of this program.
    TooNew(i64),
    /// The file is damaged, or no database at all.
    Damaged(String),
    /// The record of this number is not as it was written.
    Edited(u64),
    /// Anything else.
    Other(String),
}

impl Fault {
    /// A failure with these words.
    pub fn other(error: impl fmt::Display) -> Self {
        Self::Other(error.to_string())
    }

    /// What an error of the file system means.
    pub fn io(error: &std::io::Error, what: impl fmt::Display) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::Full,
            std::io::ErrorKind::ReadOnlyFilesystem | std::io::ErrorKind::PermissionDenied => Self::ReadOnly,
            _ => Self::Other(format!("{what}: {error}")),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Full => f.write_str("the disk takes no more data: it is full, or a limit is reached"),
            Self::ReadOnly => f.write_str("the data cannot be written: the file or its folder is read-only"),
            Self::Gone(file) => write!(
                f,
                "`{file}` or its log was moved, deleted or replaced while it was in use, and what is written would be \
                 lost: put it back, or end this server and start it anew"
            ),
            Self::Taken(folder) => {
                write!(f, "another jitgate is using `{folder}`; end it, or name another folder with `--data`")
            }
            Self::TooNew(version) => write!(
                f,
                "the data was written by a newer jitgate (its format is {version}); use that version, or a backup"
            ),
            Self::Damaged(detail) => write!(f, "the data file is damaged or none of jitgate's: {detail}"),
            Self::Edited(seq) => {
                write!(
                    f,
                    "record {seq} was edited: restore a backup; `jitgate audit verify` looks at every record"
                )
            }
            Self::Other(detail) => f.write_str(detail),
        }
    }
}

impl std::error::Error for Fault {}

/// Whoever reads a database makes files beside it as well, unless they are there.
const UNOPENED: &str = "the database cannot be opened: its folder, or a file in it, may not be read or not be written, \
                        and `jitgate.db-wal` and `jitgate.db-shm` are made there to read it, too; of a folder that is \
                        read-only, copy these files to another, and name that with `--data`";

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        // A write beyond the limit of a file's size comes back as a failed write, and not as a full disk.
        const WRITE: i32 = rusqlite::ffi::SQLITE_IOERR_WRITE;
        let words = || format!("the database does not do what it is asked: {error}");
        match error.sqlite_error() {
            Some(inner) if inner.extended_code == WRITE => Self::Full,
            Some(inner) => match inner.code {
                ErrorCode::DiskFull => Self::Full,
                ErrorCode::ReadOnly | ErrorCode::PermissionDenied => Self::ReadOnly,
                ErrorCode::CannotOpen => Self::Other(UNOPENED.to_owned()),
                ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Self::Damaged(error.to_string()),
                // A table or a column that is gone.
                ErrorCode::Unknown if error.to_string().starts_with("no such ") => {
                    Self::Damaged(error.to_string())
                }
                _ => Self::Other(words()),
            },
            None => Self::Other(words()),
        }
    }
}
