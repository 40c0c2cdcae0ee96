//! What the company runs in Amazon's cloud: a mobile app's servers and a few data jobs.

use serde_json::{Value, json};

use super::ids::{SUBSCRIPTIONS, resource};
use super::set;

/// An instance: what it does, its number, whether it runs Windows.
#[derive(Clone, Copy, Debug)]
pub struct Instance {
    /// The beginning of its name.
    pub app: &'static str,
    /// Its number among its like, from 1.
    pub number: u8,
    /// Windows; else Linux.
    pub windows: bool,
}

/// Their groups: the name, its number, how many instances, whether they run Windows.
const APPS: [(&str, u8, u8, bool); 3] =
    [("courier-api", 1, 12, false), ("route-job", 2, 8, false), ("label-print", 3, 4, true)];

/// All instances.
pub fn all() -> Vec<Instance> {
    let of = |(app, _, count, windows)| (1..=count).map(move |number| Instance { app, number, windows });
    APPS.into_iter().flat_map(of).collect()
}

impl Instance {
    fn octet(self) -> u8 {
        APPS.iter().find(|(app, ..)| *app == self.app).map_or(9, |(_, octet, ..)| *octet)
    }

    /// `i-…`
    pub fn id(self) -> String {
        format!("i-0{:02x}5e9c04b7d1{:04x}", self.octet(), u16::from(self.number).wrapping_mul(911))
    }

    /// How a policy names it: a machine of the subscription that the account is connected to.
    pub fn machine_id(self) -> String {
        let [.., (subscription, _)] = SUBSCRIPTIONS;
        resource(subscription, "rg-aws-couriers", "Microsoft.Compute/virtualMachines", &self.id())
    }
}

/// `aws ec2 describe-instances`
pub fn instances() -> Value {
    let instance = |instance: Instance| {
        let (address, id) =
            (format!("172.20.{}.{}", instance.octet(), instance.number.saturating_add(9)), instance.id());
        let public = (instance.app == "courier-api" && instance.number <= 4)
            .then(|| json!({"PublicIp": format!("198.19.250.{}", instance.number)}));
        let mut interface = json!({
            "NetworkInterfaceId": id.replace("i-", "eni-"), "SubnetId": format!("subnet-0c0ffee00000000{}", instance.octet()),
            "PrivateIpAddress": address, "Groups": [{"GroupId": group(instance.app), "GroupName": instance.app}],
            "Attachment": {"DeviceIndex": 0},
            "PrivateIpAddresses": [{"PrivateIpAddress": address, "Primary": true}]
        });
        if let Some(public) = public {
            set(&mut interface, "/PrivateIpAddresses/0", "Association", public);
        }
        let mut whole = json!({
            "InstanceId": id, "InstanceType": if instance.windows { "m6i.large" } else { "t3.large" },
            "Placement": {"AvailabilityZone": "eu-central-1a"}, "PrivateIpAddress": address,
            "Tags": [{"Key": "Name", "Value": format!("{}-{:02}", instance.app, instance.number)}],
            "NetworkInterfaces": [interface],
            "SecurityGroups": [{"GroupId": group(instance.app), "GroupName": instance.app}]
        });
        if instance.windows {
            set(&mut whole, "", "Platform", json!("windows"));
        }
        whole
    };
    json!({"Reservations": [{"Instances": all().into_iter().map(instance).collect::<Vec<_>>()}]})
}

fn group(app: &str) -> String {
    let number = APPS.iter().find(|(name, ..)| *name == app).map_or(9, |(_, number, ..)| *number);
    format!("sg-0d5c1e7a90b3f24{number:02}")
}

/// `aws ec2 describe-security-groups`
pub fn security_groups() -> Value {
    let permission = |port: u16, blocks: &[&str]| {
        json!({
            "IpProtocol": "tcp", "FromPort": port, "ToPort": port,
            "IpRanges": blocks.iter().map(|block| json!({"CidrIp": block})).collect::<Vec<_>>(),
            "Ipv6Ranges": [], "UserIdGroupPairs": [], "PrefixListIds": []
        })
    };
    let groups = APPS.map(|(app, _, _, windows)| {
        let manage =
            if windows { permission(3389, &["0.0.0.0/0"]) } else { permission(22, &["198.18.4.0/24"]) };
        json!({
            "GroupId": group(app), "GroupName": app, "Description": app, "VpcId": "vpc-0a1b2c3d4e5f60718",
            "IpPermissions": [permission(443, &["0.0.0.0/0"]), manage], "IpPermissionsEgress": []
        })
    });
    json!({"SecurityGroups": groups})
}
