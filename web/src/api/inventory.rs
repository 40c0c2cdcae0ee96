//! What the inventory knows of a machine beside its exposure: its addresses.
use jitgate_core::ledger::ResourceId;

use super::{Answer, Api, Failure, Json};

/// The version of the inventory's API: those of Azure's providers are all taken.
const VERSION: &str = "2024-05-01";

/// A machine's addresses, the primary interface's first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MachineAddresses {
    pub private: Vec<String>,
    pub public: Vec<String>,
}

impl Api {
    async fn resource(self, id: &str) -> Result<Answer, Failure> {
        self.get(format!("{id}?api-version={VERSION}")).await
    }

    /// A machine's addresses, by way of its network interfaces.
    pub async fn addresses(self, machine: &ResourceId) -> Result<MachineAddresses, Failure> {
        let answer = self.resource(machine.text()).await?;
        let interfaces: Vec<String> = Json::read(&answer.body, |json| {
            let profile = json.get("properties").get("networkProfile");
            profile.get("networkInterfaces").list().map(|one| one.get("id").string()).collect()
        });
        let mut found = MachineAddresses::default();
        for interface in interfaces {
            let answer = self.resource(&interface).await?;
            let mut public = Vec::new();
            Json::read(&answer.body, |json| {
                for one in json.get("properties").get("ipConfigurations").list() {
                    let one = one.get("properties");
                    found.private.extend(one.get("privateIPAddress").text().map(String::from));
                    public.extend(one.get("publicIPAddress").get("id").text().map(String::from));
                }
            });
            for id in public {
                let answer = self.resource(&id).await?;
                let address = |json: Json| json.get("properties").get("ipAddress").text().map(String::from);
                found.public.extend(Json::read(&answer.body, address));
            }
        }
        Ok(found)
    }
}
