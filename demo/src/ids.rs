//! Subscriptions, regions and resource ids.

/// The subscriptions: id and name.
pub const SUBSCRIPTIONS: [(&str, &str); 3] = [
    ("7a1c52d4-0e6b-4b7f-9d0a-5a3f6b1c9e10", "Meridian production"),
    ("8b2d63e5-1f7c-4c80-8e1b-6b407c2daf21", "Meridian staging"),
    ("9c3e74f6-208d-4d91-9f2c-7c518d3eb032", "Meridian shared services"),
];

/// A region: its name in Azure, and the letters that stand for it in names.
pub type Region = (&'static str, &'static str);

/// Where the company has its networks.
pub const REGIONS: [Region; 4] =
    [("westeurope", "we"), ("northeurope", "ne"), ("eastus2", "e2"), ("southeastasia", "sa")];

/// `/subscriptions/{id}/resourceGroups/{group}/providers/{kind}/{name}`
pub fn resource(subscription: &str, group: &str, kind: &str, name: &str) -> String {
    format!("/subscriptions/{subscription}/resourceGroups/{group}/providers/{kind}/{name}")
}
