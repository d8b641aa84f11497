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
    /// The value as the contract writes it.
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
