//! The options of `token` and `role`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Subcommand;

use super::PageFormat;
use super::serve::Data;

/// What to do with tokens.
#[derive(Debug, Subcommand)]
pub enum Token {
    /// Make a token, and print it: once, and nothing else
    Create(TokenCreate),
    /// List the tokens, without their secrets
    List(Listing),
    /// Make a token void from now on
    Revoke {
        #[command(flatten)]
        data: Data,
        /// Its name or id
        #[arg(value_name = "NAME|ID")]
        token: String,
    },
}

/// The options of `token create`.
#[derive(Debug, clap::Args)]
pub struct TokenCreate {
    #[command(flatten)]
    pub data: Data,

    /// What to call it; no other valid token may have that name
    #[arg(long)]
    pub name: String,

    /// What it allows: the name or id of a role, as `jitgate role list` shows them
    #[arg(long)]
    pub role: String,

    /// Where: `/`, `/subscriptions/{id}`, a resource group or a resource in one
    #[arg(long)]
    pub scope: String,

    /// How long it is good, as in `90d`, `12h` or `30m` [default: until it is revoked]
    #[arg(long, value_name = "TIME", value_parser = parse_length)]
    pub expires: Option<Duration>,

    /// The sign-in name of the person who gets it [default: --name]
    #[arg(long, value_name = "UPN", conflicts_with = "app")]
    pub user: Option<String>,

    /// It is for a program, which has no sign-in name
    #[arg(long)]
    pub app: bool,
}

/// A list and how to print it.
#[derive(Debug, clap::Args)]
pub struct Listing {
    #[command(flatten)]
    pub data: Data,

    /// How to print the list
    #[arg(long, value_enum, default_value_t)]
    pub format: PageFormat,
}

/// What to do with roles.
#[derive(Debug, Subcommand)]
pub enum Role {
    /// Print the least-privileged role of a requester, as `az role definition create` and PowerShell take it
    LeastPrivilege {
        /// The subscription or resource group where it shall be assigned
        #[arg(long)]
        scope: Option<String>,
    },
    /// List the roles, built in and our own
    List(Listing),
    /// Take up roles from a file in Azure's JSON
    Create(RoleCreate),
    /// Delete a role of our own; it must be assigned to nobody
    Delete {
        #[command(flatten)]
        data: Data,
        /// Its name or id
        #[arg(value_name = "NAME|ID")]
        role: String,
    },
    /// Give a role to somebody
    Assign(RoleAssign),
    /// Take an assignment back
    Unassign {
        #[command(flatten)]
        data: Data,
        /// The assignment's id
        #[arg(value_name = "ID")]
        assignment: String,
    },
    /// List who has which role, and where
    Assignments(Listing),
}

/// The options of `role create`.
#[derive(Debug, clap::Args)]
pub struct RoleCreate {
    #[command(flatten)]
    pub data: Data,

    /// The file; `-` is the standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,

    /// Put them in the place of roles that have their names
    #[arg(long)]
    pub replace: bool,
}

/// The options of `role assign`.
#[derive(Debug, clap::Args)]
pub struct RoleAssign {
    #[command(flatten)]
    pub data: Data,

    /// The role's name or id
    #[arg(value_name = "ROLE")]
    pub role: String,

    /// To whom: the object id of a person, program or group at the identity provider, or a token's name or id
    #[arg(long, value_name = "PRINCIPAL")]
    pub to: String,

    /// Where: `/`, `/subscriptions/{id}`, a resource group or a resource in one
    #[arg(long)]
    pub scope: String,
}

/// A number and its unit: weeks, days, hours, minutes.
fn parse_length(text: &str) -> Result<Duration, &'static str> {
    const WORDS: &str =
        "write it as `90d`, `12h` or `30m`: a number of weeks, days, hours or minutes, at most ten years";
    const TEN_YEARS: u64 = 3653 * 86_400;
    let split = text.find(|char: char| !char.is_ascii_digit()).ok_or(WORDS)?;
    let (number, unit) = text.split_at_checked(split).ok_or(WORDS)?;
    let unit: u64 = match unit {
        "w" => 7 * 86_400,
        "d" => 86_400,
        "h" => 3600,
        "m" => 60,
        _ => return Err(WORDS),
    };
    let seconds = number.parse::<u64>().ok().and_then(|number| number.checked_mul(unit)).ok_or(WORDS)?;
    if (1..=TEN_YEARS).contains(&seconds) { Ok(Duration::from_secs(seconds)) } else { Err(WORDS) }
}

#[cfg(test)]
mod tests {
    use super::parse_length;

    #[test]
    fn lengths() {
        for (text, seconds) in [("90d", 7_776_000), ("1w", 604_800), ("12h", 43_200), ("30m", 1800)] {
            assert_eq!(parse_length(text).map(|length| length.as_secs()), Ok(seconds));
        }
        for text in [
            "",
            "90",
            "d",
            "0d",
            "-1d",
            "1.5h",
            "1y",
            "1d ",
            "3654d",
            "99999999999999999999d",
            "18446744073709551615w",
        ] {
            assert!(parse_length(text).is_err(), "{text}");
        }
    }
}
