//! One file for each kind: a table of its fields and one of its relations.

mod characters;
mod films;
mod planets;
mod species;
mod starships;
mod vehicles;

use generated::models::{Crew, Supplies, SuppliesUnit};

/// Returns how long supplies last, as the contract counts months and years.
fn days(supplies: &Supplies) -> f64 {
    let unit = match supplies.unit {
        SuppliesUnit::Hour => 1.0 / 24.0,
        SuppliesUnit::Day => 1.0,
        SuppliesUnit::Week => 7.0,
        SuppliesUnit::Month => 30.0,
        SuppliesUnit::Year => 365.0,
    };
    f64::from(supplies.amount) * unit
}

fn crew_defect(crew: &Crew) -> Option<&'static str> {
    (crew.minimum > crew.maximum).then_some("`crew`: the minimum is above the maximum")
}
