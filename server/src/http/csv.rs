//! CSV as spreadsheets read it (RFC 4180), and no cell of which they take for a formula.

/// The text of a table, a line each row.
#[derive(Debug, Default)]
pub struct Csv(String);

/// What a spreadsheet takes for the beginning of a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

impl Csv {
    /// With another row.
    pub fn row<I: IntoIterator<Item = S>, S: AsRef<str>>(&mut self, cells: I) {
        for (index, cell) in cells.into_iter().enumerate() {
            if index > 0 {
                self.0.push(',');
            }
            self.cell(cell.as_ref());
        }
        self.0 += "\r\n";
    }

    fn cell(&mut self, cell: &str) {
        // OWASP: an apostrophe in front makes a text of it. White space before the formula is skipped, so it counts.
        let guard = if cell.trim_start_matches(' ').starts_with(FORMULA) { "'" } else { "" };
        if cell.contains(['"', ',', '\n', '\r']) || cell.starts_with(' ') || cell.ends_with(' ') {
            self.0 += &format!("\"{guard}{}\"", cell.replace('"', "\"\""));
        } else {
            self.0 += guard;
            self.0 += cell;
        }
    }

    /// All of it.
    pub fn into_text(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            ("\t=1", "'\t=1"),
            (" =1", "\"' =1\""),
            ("=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""),
            ("2026-01-15T12:00:00Z", "2026-01-15T12:00:00Z"),
        ] {
            let mut csv = Csv::default();
            csv.row([cell]);
            assert_eq!(csv.into_text(), format!("{expected}\r\n"), "{cell}");
        }
    }

    #[test]
    fn rows() {
        let mut csv = Csv::default();
        csv.row(["a", "b"]);
        csv.row(["", "c"]);
        assert_eq!(csv.into_text(), "a,b\r\n,c\r\n");
    }
}
