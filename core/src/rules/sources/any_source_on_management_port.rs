//! JIT319: a management port that may be opened to everybody.

use crate::Severity;
use crate::format::format;
use crate::json::NodeId;
use crate::model::{SourceText, Sources};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule, Side};

/// A management port that may be opened to everybody.
#[derive(Debug)]
pub struct AnySourceOnManagementPort;

/// What listens on a port by which machines are managed, or their data read.
const fn service(port: u16) -> Option<&'static str> {
    Some(match port {
        22 => "SSH",
        23 => "Telnet",
        135 => "RPC",
        445 => "SMB",
        1433 => "SQL Server",
        1521 => "Oracle",
        3306 => "MySQL",
        3389 => "RDP",
        5432 => "PostgreSQL",
        5900 => "VNC",
        5985 | 5986 => "WinRM",
        6379 => "Redis",
        27017 => "MongoDB",
        _ => return None,
    })
}

impl Rule for AnySourceOnManagementPort {
    const META: Meta = Meta {
        name: "any-source-on-management-port",
        severity: Severity::Security,
        summary: "a management port may be opened to any address",
        fixable: false,
        contested: false,
        page: page(include_str!("any_source_on_management_port.md")),
    };

    #[inline]
    fn sources(sources: &Sources, _: NodeId, port: Option<u16>, side: Side, cx: &mut Context) {
        let Some(service) = port.filter(|_| side == Side::Policy).and_then(service) else { return };
        let port = port.unwrap_or_default();
        if let Some((_, node)) = sources.given().find(|&(source, _)| source == SourceText::Any) {
            cx.find::<Self>(
                node,
                format!("port {port} ({service}) may be opened to the whole internet: the source `*` lets a request name any address"),
            )
            .help("name the addresses that work comes from: an office, a VPN; `*` is Azure's default and works, too");
        }
    }
}
