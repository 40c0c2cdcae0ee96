//! Lines of CSV (RFC 4180) that no spreadsheet takes for formulas.

use alloc::string::String;

/// A line of these cells, with its end (`\r\n`). A cell that a spreadsheet could run gets an apostrophe in front; a
/// cell with a comma, a quote or a line's end in it is quoted.
pub fn line<T: AsRef<str>>(cells: &[T]) -> String {
    let mut line = String::new();
    for (index, cell) in cells.iter().enumerate() {
        if index > 0 {
            line.push(',');
        }
        push(&mut line, cell.as_ref());
    }
    line.push_str("\r\n");
    line
}

fn push(line: &mut String, cell: &str) {
    // The full-width forms are taken for the plain ones where people write Chinese or Japanese.
    let starts = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    // Some programs drop spaces in front, and marks that are not seen.
    let shown =
        cell.trim_start_matches(|char: char| char.is_whitespace() || char == '\u{feff}' || char == '\0');
    let guard = if cell.starts_with(starts) || shown.starts_with(starts) { "'" } else { "" };
    if !cell.contains([',', '"', '\r', '\n']) {
        line.push_str(guard);
        line.push_str(cell);
        return;
    }
    line.push('"');
    line.push_str(guard);
    for char in cell.chars() {
        if char == '"' {
            line.push('"');
        }
        line.push(char);
    }
    line.push('"');
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn cells() {
        for (cell, expected) in [
            ("plain", "plain"),
            ("", ""),
            ("a,b", "\"a,b\""),
            ("say \"no\"", "\"say \"\"no\"\"\""),
            ("two\nlines", "\"two\nlines\""),
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\tx", "'\tx"),
            ("\rx", "\"'\rx\""),
            ("\n=1", "\"'\n=1\""),
            ("  =1", "'  =1"),
            ("\u{a0}@x", "'\u{a0}@x"),
            ("\u{feff}+1", "'\u{feff}+1"),
            ("\0-1", "'\0-1"),
            (" plain", " plain"),
            ("＝1+1", "'＝1+1"),
            ("＋1", "'＋1"),
            ("－1", "'－1"),
            ("＠x", "'＠x"),
            ("=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""),
            ("10.0.0.0/8", "10.0.0.0/8"),
            ("*", "*"),
        ] {
            assert_eq!(line(&[cell]), alloc::format!("{expected}\r\n"), "{cell:?}");
        }
        assert_eq!(line(&["a", "", "b"]), "a,,b\r\n");
    }
}
