//! Instances of EC2: a network knows them by their own ids, a policy by ids of Azure's that end in those.
use jitgate_core::ledger::ResourceId;
use jitgate_core::preview::is_instance_id;

/// True where an id means an instance of EC2.
#[must_use]
pub fn is_instance(id: &ResourceId) -> bool {
    is_instance_id(id.name())
}

/// True where both ids mean one machine: they are the same, or one is an instance's own and the other ends in it.
#[must_use]
pub fn same_machine(one: &ResourceId, other: &ResourceId) -> bool {
    let bare = |id: &ResourceId| !id.text().contains('/');
    one == other
        || (bare(one) || bare(other)) && is_instance(one) && one.name().eq_ignore_ascii_case(other.name())
}

/// How a policy names a machine: an instance of EC2 as if it were in the policy's own resource group.
#[must_use]
pub fn named_in(policy: &ResourceId, machine: &ResourceId) -> ResourceId {
    match (policy.subscription(), policy.resource_group()) {
        (Some(subscription), Some(group)) if is_instance(machine) && !machine.text().contains('/') => {
            ResourceId::new(&format!(
                "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Compute/virtualMachines/{}",
                machine.text()
            ))
        }
        _ => machine.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "i-0123456789abcdef0";
    const GROUP: &str = "/subscriptions/s/resourceGroups/g/providers";

    #[test]
    fn an_instance_is_what_its_policies_call_it() {
        let listed = format!("{GROUP}/Microsoft.Compute/virtualMachines/{OWN}");
        let elsewhere = listed.replace("/g/", "/h/");
        let cases = [
            (OWN, OWN, true),
            (OWN, &*listed, true),
            (&*listed, "I-0123456789ABCDEF0", true),
            // Entries of two policies are two.
            (&*listed, &*elsewhere, false),
            (OWN, "i-0123456789abcdef1", false),
            // Names of Azure's are no ids.
            ("web1", "/subscriptions/s/virtualMachines/web1", false),
        ];
        for (one, other, same) in cases {
            assert_eq!(same_machine(&ResourceId::new(one), &ResourceId::new(other)), same, "{one} {other}");
        }
        let policy =
            ResourceId::new(&format!("{GROUP}/Microsoft.Security/locations/l/jitNetworkAccessPolicies/p"));
        assert_eq!(named_in(&policy, &ResourceId::new(OWN)).text(), listed);
        let azure = ResourceId::new(&format!("{GROUP}/Microsoft.Compute/virtualMachines/web1"));
        assert_eq!(named_in(&policy, &azure), azure);
        assert_eq!(named_in(&policy, &ResourceId::new(&elsewhere)).text(), elsewhere);
    }
}
