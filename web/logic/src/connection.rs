//! The line that connects to a machine.

/// Who connects, unless the user says otherwise: the name that Azure proposes.
pub const USER: &str = "azureuser";

/// A port that leads to a machine.
#[derive(Clone, Copy, Debug)]
pub struct Way<'a> {
    /// The machine's port.
    pub port: u16,
    /// The address to connect to.
    pub address: &'a str,
    /// The port there: another where a firewall maps it.
    pub at: u16,
    /// Its system may be Windows.
    pub windows: bool,
}

impl Way<'_> {
    /// What the command is, and the command; none where none is known for the port. `user` is that of SSH.
    pub fn command(&self, user: &str) -> Option<(&'static str, String)> {
        let Self { port, address, at, windows } = *self;
        match port {
            22 => {
                let to = if at == 22 { String::new() } else { format!(" -p {at}") };
                let user = word(user);
                let user = if user.is_empty() { USER.to_owned() } else { user };
                Some(("SSH command", format!("ssh{to} {user}@{address}")))
            }
            3389 => {
                let to = if at == 3389 { String::new() } else { format!(":{at}") };
                Some(("Remote Desktop command", format!("mstsc /v:{address}{to}")))
            }
            5985 | 5986 if windows => {
                let tls = if port == 5986 { " -UseSSL" } else { "" };
                let to = format!("-ComputerName {address} -Port {at}{tls}");
                Some(("PowerShell command", format!("Enter-PSSession {to} -Credential (Get-Credential)")))
            }
            _ => None,
        }
    }
}

/// A user's name as a word of a shell: what it could take for something else is left out.
fn word(user: &str) -> String {
    let letters = user.trim().chars().filter(|char| char.is_alphanumeric() || "._-\\".contains(*char));
    letters.collect::<String>().trim_start_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(port: u16, at: u16, windows: bool, user: &str) -> Option<(&'static str, String)> {
        Way { port, address: "203.0.113.7", at, windows }.command(user)
    }

    #[test]
    fn each_usual_port_has_its_line() {
        let cases = [
            ((22, 22, false), "SSH command", "ssh azureuser@203.0.113.7"),
            ((22, 50022, true), "SSH command", "ssh -p 50022 azureuser@203.0.113.7"),
            ((3389, 3389, true), "Remote Desktop command", "mstsc /v:203.0.113.7"),
            ((3389, 49200, true), "Remote Desktop command", "mstsc /v:203.0.113.7:49200"),
            (
                (5985, 5985, true),
                "PowerShell command",
                "Enter-PSSession -ComputerName 203.0.113.7 -Port 5985 -Credential (Get-Credential)",
            ),
            (
                (5986, 49986, true),
                "PowerShell command",
                "Enter-PSSession -ComputerName 203.0.113.7 -Port 49986 -UseSSL -Credential (Get-Credential)",
            ),
        ];
        for ((port, at, windows), what, text) in cases {
            assert_eq!(line(port, at, windows, ""), Some((what, text.to_owned())));
        }
        assert_eq!(line(8080, 8080, true, ""), None);
        assert_eq!(line(5985, 5985, false, ""), None);
    }

    #[test]
    fn a_user_is_one_word_and_no_option() {
        let cases = [
            ("ann", "ann@"),
            ("  ann ", "ann@"),
            ("ops; reboot", "opsreboot@"),
            ("CORP\\ann", "CORP\\ann@"),
            ("-oProxyCommand=x", "oProxyCommandx@"),
            ("$(id)", "id@"),
            ("`'\"", "azureuser@"),
        ];
        for (user, expected) in cases {
            let (_, text) = line(22, 22, false, user).unwrap();
            assert_eq!(text, format!("ssh {expected}203.0.113.7"), "{user}");
        }
    }
}
