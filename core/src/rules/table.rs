//! The table of rules, a line each: code, file, type. Codes are never reused or renumbered; `rules.lock`
//! beside the crate's manifest proves it. `cargo xtask new-rule` adds a line.

#![allow(clippy::wildcard_imports, reason = "the table names every rule's file")]

use super::document::*;
use super::machines::*;
use super::network::*;
use super::ports::*;
use super::requests::*;
use super::rule::Listed;
use super::sources::*;
use super::time::*;
use super::{Context, Family, Meta, Rule, Side};
use crate::decide::Refusal;
use crate::json::NodeId;
use crate::model::{
    DurationText, IdText, Machine, Policy, PortRule, PortText, Request, RequestMachine, RequestPort,
    SourceText, Sources, TimeText,
};
use crate::network::NetworkFact;
use crate::part::AnyCase;
use crate::preview::Exposure;
use crate::read::{Document, Fact};

macro_rules! rules {
    ($($number:literal $file:ident $rule:ident)*) => {
        /// A rule's code: `JIT201`. Codes are ordered as the table is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = concat!("JIT", $number)] $rule,)*
        }

        impl Code {
            /// All codes, in order.
            pub const ALL: &'static [Self] = &[$(Self::$rule),*];
        }

        /// A line for each code, in order.
        static ROWS: &[Row] = &[$(Row { number: $number, meta: <$file::$rule as Rule>::META }),*];

        /// Their pages as one text, where each takes as much: that is smaller than a table of texts.
        static URLS: &str = concat!($("rules/JIT", $number),*);

        $(impl Listed for $file::$rule { const CODE: Code = Code::$rule; })*

        rules! { @hooks [$($file::$rule)*]
            fact(fact: &Fact);
            document(document: &Document);
            policy(policy: &Policy);
            machine(machine: &Machine, policy: &Policy);
            port_rule(rule: &PortRule);
            request(request: &Request);
            request_machine(machine: &RequestMachine, request: &Request);
            request_port(port: &RequestPort, request: &Request);
            machine_id(id: &IdText, node: NodeId, side: Side);
            port(port: PortText, node: NodeId, side: Side);
            sources(sources: &Sources, object: NodeId, port: Option<u16>, side: Side);
            source(source: SourceText, node: NodeId, side: Side);
            duration(duration: DurationText, node: NodeId, side: Side);
            time(time: TimeText, node: NodeId, side: Side);
            end();
            refusal(refusal: &Refusal);
            network(fact: &NetworkFact);
            exposure(exposure: &Exposure, node: NodeId);
        }
    };
    // One function for each hook, which calls all rules' own: those that leave it empty vanish.
    (@hooks $rules:tt $($hook:ident($($name:ident: $kind:ty),*);)*) => {
        $(rules! { @hook $rules $hook($($name: $kind),*) })*
    };
    (@hook [$($file:ident::$rule:ident)*] $hook:ident $arguments:tt) => {
        rules! { @function $hook $arguments [$($file::$rule)*] }
    };
    (@function $hook:ident ($($name:ident: $kind:ty),*) $rules:tt) => {
        /// Shows this part to every rule.
        #[inline]
        pub(super) fn $hook($($name: $kind,)* cx: &mut Context) {
            rules! { @calls $hook ($($name,)* cx) $rules }
        }
    };
    (@calls $hook:ident $arguments:tt [$($file:ident::$rule:ident)*]) => {
        $(rules! { @call $file $rule $hook $arguments })*
    };
    (@call $file:ident $rule:ident $hook:ident ($($argument:ident),*)) => {
        <$file::$rule as Rule>::$hook($($argument),*);
    };
}

/// What is known of a rule by its code. A table is smaller than a function for each column.
struct Row {
    number: u16,
    meta: Meta,
}

/// The length of `rules/JIT201`.
const URL: usize = 12;

impl Code {
    #[expect(clippy::as_conversions, reason = "a code's place in the table is what `as` gives")]
    #[expect(clippy::indexing_slicing, reason = "every code has its row")]
    fn row(self) -> &'static Row {
        &ROWS[self as usize]
    }

    /// `JIT201`
    pub fn id(self) -> &'static str {
        self.url().strip_prefix("rules/").unwrap_or_default()
    }

    /// Its page, relative to the address of a portal: `rules/JIT201`.
    #[expect(clippy::as_conversions, reason = "a code's place in the table is what `as` gives")]
    pub fn url(self) -> &'static str {
        let start = (self as usize).saturating_mul(URL);
        URLS.get(start..start.saturating_add(URL)).unwrap_or_default()
    }

    /// Its data sheet.
    pub fn meta(self) -> &'static Meta {
        &self.row().meta
    }

    /// The number alone: 201.
    pub fn number(self) -> u16 {
        self.row().number
    }

    /// The code of that id (`JIT201`, in any case) or name (`port-out-of-range`).
    pub fn find(text: &str) -> Option<Self> {
        let is = |code: &&Self| code.id().same_in_any_case(text) || code.meta().name == text;
        Self::ALL.iter().find(is).copied()
    }

    /// The family that its first digit tells.
    pub fn family(self) -> Family {
        match self.number() {
            ..200 => Family::Document,
            200..300 => Family::Ports,
            300..400 => Family::Sources,
            400..500 => Family::Time,
            500..600 => Family::Machines,
            600..700 => Family::Requests,
            _ => Family::Network,
        }
    }
}

rules! {
    // 1 Document
    101 invalid_json InvalidJson
    102 invalid_encoding InvalidEncoding
    103 document_too_large DocumentTooLarge
    104 nesting_too_deep NestingTooDeep
    105 empty_document EmptyDocument
    106 not_json NotJson
    107 unknown_document UnknownDocument
    108 duplicate_property DuplicateProperty
    109 unknown_property UnknownProperty
    110 misspelt_property MisspeltProperty
    111 missing_property MissingProperty
    112 wrong_type WrongType
    113 bare_document BareDocument
    114 lone_surrogate LoneSurrogate
    115 unreplaced_placeholder UnreplacedPlaceholder
    116 unresolved_expression UnresolvedExpression
    117 partial_list PartialList
    118 too_many_findings TooManyFindings
    119 unknown_kind UnknownKind
    120 empty_policy EmptyPolicy
    121 wrong_resource_type WrongResourceType
    122 append_mode AppendMode
    123 provisioning_unfinished ProvisioningUnfinished
    124 script_syntax ScriptSyntax
    125 script_not_followed ScriptNotFollowed

    // 2 Ports
    201 port_out_of_range PortOutOfRange
    202 port_zero PortZero
    203 port_as_string PortAsString
    204 port_not_a_number PortNotANumber
    205 port_not_whole PortNotWhole
    206 unknown_protocol UnknownProtocol
    207 protocol_spelling ProtocolSpelling
    208 duplicate_port DuplicatePort
    209 overlapping_protocols OverlappingProtocols
    210 no_ports NoPorts
    211 protocol_misses_service ProtocolMissesService
    212 public_service_port PublicServicePort

    // 3 Sources
    301 invalid_source InvalidSource
    302 ipv6_source Ipv6Source
    303 conflicting_sources ConflictingSources
    304 missing_source MissingSource
    305 any_source_disguised AnySourceDisguised
    306 host_bits_set HostBitsSet
    307 covered_prefix CoveredPrefix
    308 mergeable_prefixes MergeablePrefixes
    309 duplicate_prefix DuplicatePrefix
    310 unmatchable_source UnmatchableSource
    311 service_tag_source ServiceTagSource
    312 list_in_single_prefix ListInSinglePrefix
    313 address_range AddressRange
    314 netmask_notation NetmaskNotation
    315 leading_zeros LeadingZeros
    316 padded_source PaddedSource
    317 any_word AnyWord
    318 empty_source_list EmptySourceList
    319 any_source_on_management_port AnySourceOnManagementPort
    320 wide_source WideSource
    321 prefix_length_out_of_range PrefixLengthOutOfRange

    // 4 Time
    401 invalid_duration InvalidDuration
    402 duration_too_short DurationTooShort
    403 duration_too_long DurationTooLong
    404 calendar_duration CalendarDuration
    405 duration_in_days DurationInDays
    406 long_window LongWindow
    407 negative_duration NegativeDuration
    408 duration_spelling DurationSpelling
    409 invalid_time InvalidTime
    410 time_without_zone TimeWithoutZone
    411 time_too_fine TimeTooFine
    412 time_offset TimeOffset
    413 time_spelling TimeSpelling
    414 impossible_time ImpossibleTime

    // 5 Machines and names
    501 invalid_machine_id InvalidMachineId
    502 not_a_virtual_machine NotAVirtualMachine
    503 name_too_long NameTooLong
    504 classic_machine ClassicMachine
    505 duplicate_machine DuplicateMachine
    506 other_subscription OtherSubscription
    507 other_resource_group OtherResourceGroup
    508 location_spelling LocationSpelling
    509 location_mismatch LocationMismatch
    510 name_mismatch NameMismatch
    511 invalid_public_ip_address InvalidPublicIpAddress
    512 machine_in_two_policies MachineInTwoPolicies
    513 untidy_machine_id UntidyMachineId
    514 invalid_subscription_id InvalidSubscriptionId
    515 invalid_machine_name InvalidMachineName
    516 duplicate_policy DuplicatePolicy
    517 invalid_resource_group_name InvalidResourceGroupName

    // 6 Requests
    601 missing_end MissingEnd
    602 conflicting_end ConflictingEnd
    603 end_in_past EndInPast
    604 request_over_a_day RequestOverADay
    605 request_under_five_minutes RequestUnderFiveMinutes
    606 request_from_anywhere RequestFromAnywhere
    607 missing_justification MissingJustification
    608 empty_request EmptyRequest
    609 duplicate_requested_port DuplicateRequestedPort
    610 caller_address_used CallerAddressUsed
    611 unknown_status UnknownStatus
    612 stale_status StaleStatus
    613 end_before_start EndBeforeStart

    // 6 Requests, against their policy
    621 machine_not_in_policy MachineNotInPolicy
    622 port_not_in_policy PortNotInPolicy
    623 source_not_allowed SourceNotAllowed
    624 duration_not_allowed DurationNotAllowed
    625 caller_address_unknown CallerAddressUnknown
    626 caller_address_ipv6 CallerAddressIpv6
    627 value_not_known ValueNotKnown
    628 not_a_policy NotAPolicy
    629 not_a_request NotARequest

    // 7 Network and exposure
    701 same_priority SamePriority
    702 rule_priority RulePriority
    703 rule_matches_nothing RuleMatchesNothing
    704 unreadable_prefix UnreadablePrefix
    705 prefix_host_bits PrefixHostBits
    706 ports_backwards PortsBackwards
    707 unreadable_ports UnreadablePorts
    708 unknown_rule_protocol UnknownRuleProtocol
    709 unknown_access UnknownAccess
    710 unknown_direction UnknownDirection
    711 unknown_service_tag UnknownServiceTag
    712 resource_not_given ResourceNotGiven
    713 resource_given_twice ResourceGivenTwice
    714 single_and_plural SingleAndPlural
    715 mixed_families MixedFamilies
    716 nameless_resource NamelessResource
    717 template_cycle TemplateCycle
    718 linked_template LinkedTemplate
    719 shared_nic SharedNic
    720 unreadable_address UnreadableAddress
    740 shadowed_jit_deny ShadowedJitDeny
    741 residual_exposure ResidualExposure
    742 machine_without_nsg MachineWithoutNsg
    743 machine_not_in_network MachineNotInNetwork
    744 no_priority_left NoPriorityLeft
    745 dead_port DeadPort
    746 jit_rule_edited JitRuleEdited
    747 jit_rules_missing JitRulesMissing
    748 stale_jit_rule StaleJitRule
    749 opens_another_machine OpensAnotherMachine
    750 opens_more_than_granted OpensMoreThanGranted
    751 closes_another_machine ClosesAnotherMachine
    752 unsupported_machine UnsupportedMachine
    753 entangled_rules EntangledRules
}
