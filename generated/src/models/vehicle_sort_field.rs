// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// What vehicles can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
pub enum VehicleSortField {
    /// The value `id`.
    #[serde(rename = "id")]
    Id,
    /// The value `name`.
    #[serde(rename = "name")]
    Name,
    /// The value `model`.
    #[serde(rename = "model")]
    Model,
    /// The value `cost_in_credits`.
    #[serde(rename = "cost_in_credits")]
    CostInCredits,
    /// The value `length`.
    #[serde(rename = "length")]
    Length,
    /// The value `crew`.
    #[serde(rename = "crew")]
    Crew,
    /// The value `passengers`.
    #[serde(rename = "passengers")]
    Passengers,
    /// The value `cargo_capacity`.
    #[serde(rename = "cargo_capacity")]
    CargoCapacity,
    /// The value `consumables`.
    #[serde(rename = "consumables")]
    Consumables,
    /// The value `max_atmosphering_speed`.
    #[serde(rename = "max_atmosphering_speed")]
    MaxAtmospheringSpeed,
    /// The value `vehicle_class`.
    #[serde(rename = "vehicle_class")]
    VehicleClass,
}

impl VehicleSortField {
    /// Every value, in the order of the contract.
    pub const ALL: &'static [Self] = &[
        Self::Id,
        Self::Name,
        Self::Model,
        Self::CostInCredits,
        Self::Length,
        Self::Crew,
        Self::Passengers,
        Self::CargoCapacity,
        Self::Consumables,
        Self::MaxAtmospheringSpeed,
        Self::VehicleClass,
    ];

    /// Returns the value as the contract writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Name => "name",
            Self::Model => "model",
            Self::CostInCredits => "cost_in_credits",
            Self::Length => "length",
            Self::Crew => "crew",
            Self::Passengers => "passengers",
            Self::CargoCapacity => "cargo_capacity",
            Self::Consumables => "consumables",
            Self::MaxAtmospheringSpeed => "max_atmosphering_speed",
            Self::VehicleClass => "vehicle_class",
        }
    }
}

impl std::fmt::Display for VehicleSortField {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl std::str::FromStr for VehicleSortField {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        match text {
            "id" => Ok(Self::Id),
            "name" => Ok(Self::Name),
            "model" => Ok(Self::Model),
            "cost_in_credits" => Ok(Self::CostInCredits),
            "length" => Ok(Self::Length),
            "crew" => Ok(Self::Crew),
            "passengers" => Ok(Self::Passengers),
            "cargo_capacity" => Ok(Self::CargoCapacity),
            "consumables" => Ok(Self::Consumables),
            "max_atmosphering_speed" => Ok(Self::MaxAtmospheringSpeed),
            "vehicle_class" => Ok(Self::VehicleClass),
            _ => Err("not a value of VehicleSortField"),
        }
    }
}
