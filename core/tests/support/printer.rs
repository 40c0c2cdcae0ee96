//! Values as PowerShell writes them, laid out by chance.

use serde_json::Value;

/// Prints values as PowerShell literals; each choice takes one of the numbers.
pub struct Printer {
    pub choices: Vec<u8>,
    pub at: usize,
}

impl Printer {
    pub fn choose(&mut self, most: usize) -> usize {
        self.at += 1;
        usize::from(self.choices[self.at % self.choices.len()]).wrapping_add(self.at) % most
    }

    fn space(&mut self) -> &'static str {
        ["", " ", "\t", " <# it is #> ", " `\n  "][self.choose(5)]
    }

    fn lines(&mut self) -> &'static str {
        ["", " ", "\n", "\r\n    ", " # on its own; ' \" } )\n", "<#\n @{ #>\n"][self.choose(6)]
    }

    fn string(&mut self, text: &str) -> String {
        let single = text
            .replace('\'', "''")
            .replace('‘', "‘‘")
            .replace('’', "’’")
            .replace('‚', "‚‚")
            .replace('‛', "‛‛");
        let odd = text.contains(['‘', '’', '‚', '‛', '“', '”', '„']);
        let plain = !odd && !text.contains(['`', '$', '\r', '\n']);
        match self.choose(4) {
            0 if plain => format!("\"{}\"", text.replace('"', "\"\"")),
            1 if plain => format!("\"{}\"", text.replace('"', "`\"")),
            2 if !odd && !text.contains(['\r', '\n', '\'']) => format!("@'\n{text}\n'@"),
            3 if !odd => {
                let ticked: String = text
                    .chars()
                    .map(|char| match char {
                        '`' | '$' | '"' => format!("`{char}"),
                        '\n' => "`n".into(),
                        '\r' => "`r".into(),
                        _ => char.to_string(),
                    })
                    .collect();
                format!("\"{ticked}\"")
            }
            _ => format!("'{single}'"),
        }
    }

    fn name(&mut self, name: &str) -> String {
        let word = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphabetic());
        if word && self.choose(3) > 0 { name.to_owned() } else { self.string(name) }
    }

    pub fn literal(&mut self, value: &Value) -> String {
        match value {
            Value::Null => "$null".into(),
            Value::Bool(value) => if *value { "$true" } else { "$False" }.into(),
            Value::Number(number) => number.to_string(),
            Value::String(text) => self.string(text),
            Value::Array(values) => {
                let mut list = String::from("@(");
                for (index, value) in values.iter().enumerate() {
                    if index > 0 {
                        list += [",", " ,", ",\n"][self.choose(3)];
                    }
                    list += self.lines();
                    // A list in a list would become a part of it.
                    let inner = self.literal(value);
                    let nested = value.is_array();
                    list += &if nested && values.len() == 1 { format!(",{inner}") } else { inner };
                }
                list + self.lines() + ")"
            }
            Value::Object(members) => {
                let mut table = String::from("@{");
                for (name, value) in members {
                    table += self.lines();
                    table += &self.name(name);
                    table += self.space();
                    table += "=";
                    table += self.space();
                    table += &self.literal(value);
                    table += [";", "\n", " ;\n", "\r\n"][self.choose(4)];
                }
                table + self.lines() + "}"
            }
        }
    }
}
