// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

//! The operations of tag `Pets`.

use crate::api::models::{Error, Pet, PetRequest, Status, Upload};
use crate::api::security::Security;
use gatekeeper::{Body, RequestContext};

/// Animals that look for a home.
pub trait Pets: Security {
    /// Add a pet, as JSON or from a form
    ///
    /// `POST /pets`; security: `store_oauth` (`pets.write`).
    ///
    /// # Errors
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn add_pet(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        body: PetRequest,
    ) -> Result<AddPetResponse, Self::Error>;

    /// Find a pet
    ///
    /// `GET /pets/{petId}`; security: `store_oauth` (`pets.read`) or `api_key`.
    ///
    /// # Errors
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn get_pet_by_id(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        params: GetPetByIdParams,
    ) -> Result<GetPetByIdResponse, Self::Error>;

    /// List the pets
    ///
    /// `GET /pets`; security: `store_oauth` (`pets.read`).
    ///
    /// # Errors
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn list_pets(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        params: ListPetsParams,
    ) -> Result<ListPetsResponse, Self::Error>;

    /// Upload a photo of a pet
    ///
    /// `POST /pets/{petId}/photo`; security: `store_oauth` (`pets.write`).
    ///
    /// # Errors
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn upload_photo(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        params: UploadPhotoParams,
        body: UploadPhotoForm,
    ) -> Result<UploadPhotoResponse, Self::Error>;
}

/// The replies of `add_pet`.
pub enum AddPetResponse {
    /// The pet, with its number.
    Status201 {
        /// The body.
        body: Body<Pet>,
        /// The header `Location`.
        location: gatekeeper::HeaderText,
    },
    /// Anything else, the refusals of the gatekeeper included.
    Default {
        /// The status.
        status: u16,
        /// The body.
        body: Body<Error>,
    },
}

impl gatekeeper::IntoReply for AddPetResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status201 { body, location } => gatekeeper::Reply::new(201)
                .header(
                    const { gatekeeper::HeaderName::from_static("location") },
                    location,
                )?
                .json(body)?,
            Self::Default { status, body } => {
                gatekeeper::Reply::of_class(&[2, 3, 4, 5], status)?.json(body)?
            }
        })
    }
}

/// The parameters of `get_pet_by_id`.
#[derive(Clone)]
pub struct GetPetByIdParams {
    /// The parameter `petId` (path).
    pub pet_id: i64,
}

impl gatekeeper::FromParameters for GetPetByIdParams {
    fn from_parameters<I>(
        validated: &mut gatekeeper::ValidatedRequest<'_, I>,
    ) -> Result<Self, gatekeeper::Rejection> {
        Ok(Self {
            pet_id: validated.path("petId")?,
        })
    }
}

/// The replies of `get_pet_by_id`.
pub enum GetPetByIdResponse {
    /// The pet.
    Status200(Body<Pet>),
    /// Anything else, the refusals of the gatekeeper included.
    Status404(Body<Error>),
    /// Anything else, the refusals of the gatekeeper included.
    Default {
        /// The status.
        status: u16,
        /// The body.
        body: Body<Error>,
    },
}

impl gatekeeper::IntoReply for GetPetByIdResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status200(body) => gatekeeper::Reply::new(200).json(body)?,
            Self::Status404(body) => gatekeeper::Reply::new(404).json(body)?,
            Self::Default { status, body } => {
                gatekeeper::Reply::of_class(&[2, 3, 4, 5], status)?.json(body)?
            }
        })
    }
}

/// The parameters of `list_pets`.
#[derive(Clone)]
pub struct ListPetsParams {
    /// The parameter `status` (query).
    pub status: Option<Vec<Status>>,
}

impl gatekeeper::FromParameters for ListPetsParams {
    fn from_parameters<I>(
        validated: &mut gatekeeper::ValidatedRequest<'_, I>,
    ) -> Result<Self, gatekeeper::Rejection> {
        Ok(Self {
            status: validated.query("status")?,
        })
    }
}

/// The replies of `list_pets`.
pub enum ListPetsResponse {
    /// The pets.
    Status200Json(Body<Vec<Pet>>),
    /// The pets.
    Status200Xml(gatekeeper::ReplyBody),
    /// Anything else, the refusals of the gatekeeper included.
    Default {
        /// The status.
        status: u16,
        /// The body.
        body: Body<Error>,
    },
}

impl ListPetsResponse {
    /// The media types of status 200, for `RequestContext::prefers`.
    pub const MEDIA_TYPES_200: &'static [&'static str] = &["application/json", "application/xml"];
}

impl gatekeeper::IntoReply for ListPetsResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status200Json(body) => gatekeeper::Reply::new(200).json(body)?,
            Self::Status200Xml(body) => gatekeeper::Reply::new(200).body("application/xml", body),
            Self::Default { status, body } => {
                gatekeeper::Reply::of_class(&[2, 3, 4, 5], status)?.json(body)?
            }
        })
    }
}

/// The parameters of `upload_photo`.
#[derive(Clone)]
pub struct UploadPhotoParams {
    /// The parameter `petId` (path).
    pub pet_id: i64,
}

impl gatekeeper::FromParameters for UploadPhotoParams {
    fn from_parameters<I>(
        validated: &mut gatekeeper::ValidatedRequest<'_, I>,
    ) -> Result<Self, gatekeeper::Rejection> {
        Ok(Self {
            pet_id: validated.path("petId")?,
        })
    }
}

/// The form of `upload_photo`.
pub struct UploadPhotoForm {
    /// The field `caption`.
    pub caption: Option<String>,
    /// The field `photo`.
    pub photo: gatekeeper::UploadedFile,
    /// Values of other names.
    pub other_values: serde_json::Map<String, serde_json::Value>,
    /// Files of other names.
    pub other_files: Vec<gatekeeper::UploadedFile>,
}

impl gatekeeper::FromBody for UploadPhotoForm {
    fn from_body<I>(
        validated: &mut gatekeeper::ValidatedRequest<'_, I>,
    ) -> Result<Self, gatekeeper::Rejection> {
        Ok(Self {
            caption: validated.part("caption")?,
            photo: validated.file("photo")?,
            other_values: validated.other_parts()?,
            other_files: validated.other_files()?,
        })
    }
}

/// The replies of `upload_photo`.
pub enum UploadPhotoResponse {
    /// Its size.
    Status200(Body<Upload>),
    /// Anything else, the refusals of the gatekeeper included.
    Default {
        /// The status.
        status: u16,
        /// The body.
        body: Body<Error>,
    },
}

impl gatekeeper::IntoReply for UploadPhotoResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status200(body) => gatekeeper::Reply::new(200).json(body)?,
            Self::Default { status, body } => {
                gatekeeper::Reply::of_class(&[2, 3, 4, 5], status)?.json(body)?
            }
        })
    }
}
