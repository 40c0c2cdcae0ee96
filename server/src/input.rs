//! Documents from files and from the standard input.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use jitgate_core::diagnostic::render::shown;
use jitgate_core::json::MAX_BYTES;

/// A document as it was given.
#[derive(Debug)]
pub struct Input {
    /// Its name in reports: the path as given.
    pub name: String,
    /// The file; none for the standard input.
    pub path: Option<PathBuf>,
    /// What it holds. Of a file that is too large only as much as shows that.
    pub bytes: Vec<u8>,
}

/// The name of the standard input in reports.
const STDIN: &str = "<stdin>";

impl Input {
    /// Reads a file, or the standard input for `-`.
    pub fn read(path: &Path) -> Result<Self, String> {
        if path.as_os_str() == "-" {
            let bytes = limited(io::stdin().lock()).map_err(|error| explain(STDIN, &error))?;
            return Ok(Self { name: STDIN.to_string(), path: None, bytes });
        }
        let name = shown(&path.display().to_string());
        if path.is_dir() {
            return Err(format!(
                "`{name}` is a directory; name the files in it, as in `jitgate check {}`",
                shown(&path.join("*.json").display().to_string())
            ));
        }
        let bytes = File::open(path).and_then(limited).map_err(|error| explain(&name, &error))?;
        Ok(Self { name, path: Some(path.to_path_buf()), bytes })
    }
}

impl Input {
    /// True where there is more than was read.
    pub fn is_cut(&self) -> bool {
        self.bytes.len() > MAX_BYTES
    }
}

/// One byte over the limit is enough for the core to say so.
fn limited(reader: impl Read) -> io::Result<Vec<u8>> {
    let most = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    reader.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn explain(name: &str, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => format!("there is no file `{name}`"),
        io::ErrorKind::PermissionDenied => format!("`{name}` cannot be read: permission denied"),
        _ => format!("`{name}` cannot be read: {error}"),
    }
}
