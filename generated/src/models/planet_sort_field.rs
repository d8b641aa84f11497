// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// What planets can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
pub enum PlanetSortField {
    /// The value `id`.
    #[serde(rename = "id")]
    Id,
    /// The value `name`.
    #[serde(rename = "name")]
    Name,
    /// The value `diameter`.
    #[serde(rename = "diameter")]
    Diameter,
    /// The value `rotation_period`.
    #[serde(rename = "rotation_period")]
    RotationPeriod,
    /// The value `orbital_period`.
    #[serde(rename = "orbital_period")]
    OrbitalPeriod,
    /// The value `gravity`.
    #[serde(rename = "gravity")]
    Gravity,
    /// The value `population`.
    #[serde(rename = "population")]
    Population,
    /// The value `surface_water`.
    #[serde(rename = "surface_water")]
    SurfaceWater,
}

impl PlanetSortField {
    /// Every value, in the order of the contract.
    pub const ALL: &'static [Self] = &[
        Self::Id,
        Self::Name,
        Self::Diameter,
        Self::RotationPeriod,
        Self::OrbitalPeriod,
        Self::Gravity,
        Self::Population,
        Self::SurfaceWater,
    ];

    /// Returns the value as the contract writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Name => "name",
            Self::Diameter => "diameter",
            Self::RotationPeriod => "rotation_period",
            Self::OrbitalPeriod => "orbital_period",
            Self::Gravity => "gravity",
            Self::Population => "population",
            Self::SurfaceWater => "surface_water",
        }
    }
}

impl std::fmt::Display for PlanetSortField {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl std::str::FromStr for PlanetSortField {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        match text {
            "id" => Ok(Self::Id),
            "name" => Ok(Self::Name),
            "diameter" => Ok(Self::Diameter),
            "rotation_period" => Ok(Self::RotationPeriod),
            "orbital_period" => Ok(Self::OrbitalPeriod),
            "gravity" => Ok(Self::Gravity),
            "population" => Ok(Self::Population),
            "surface_water" => Ok(Self::SurfaceWater),
            _ => Err("not a value of PlanetSortField"),
        }
    }
}
