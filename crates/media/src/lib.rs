//! Pictures: read by what is in them, turned upright, cut, scaled and written again. Pure computing, which takes up to
//! some tenths of a second and some hundred megabytes: not for a thread that answers requests.

mod silhouette;

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits};

pub use silhouette::silhouette;

/// The most pixels a picture may have: what a good camera makes.
const PIXELS: u64 = 50_000_000;
/// The longest side.
const SIDE: u32 = 16_384;
/// The memory that reading may take.
const MEMORY: u64 = 400 << 20;
/// How well JPEGs are written, of 100.
const QUALITY: u8 = 90;

/// Why a picture can't be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The bytes are no picture that anybody knows.
    #[error("no decode delegate for this image format")]
    NoPicture,
    /// They are a picture, but neither PNG nor JPEG; or there are no bytes.
    #[error("Unknown image file type")]
    Format,
    /// It has more pixels than are taken.
    #[error("Image size is too large")]
    TooLarge,
    /// It is broken.
    #[error("The image can't be read: {0}")]
    Broken(String),
}

/// The formats there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
}

impl Format {
    /// Its name, which is also the end of file names.
    pub fn name(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpeg",
        }
    }

    /// The format of a name.
    pub fn of(name: &str) -> Option<Self> {
        [Self::Png, Self::Jpeg].into_iter().find(|format| format.name() == name)
    }

    /// Its content type.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
        }
    }
}

/// The part of a picture that is wanted, in pixels from the top left corner. A width or height of 0 reaches to the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crop {
    /// Left edge.
    pub x: u32,
    /// Upper edge.
    pub y: u32,
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

/// A picture that was read.
#[derive(Debug, Clone)]
pub struct Picture {
    image: DynamicImage,
    format: Format,
}

impl Picture {
    /// Reads a PNG or JPEG, told by its first bytes, and turns it upright.
    pub fn read(bytes: &[u8]) -> Result<Self, Error> {
        let format = format_of(bytes)?;
        let kind = if format == Format::Png { ImageFormat::Png } else { ImageFormat::Jpeg };
        let mut limits = Limits::default();
        limits.max_image_width = Some(SIDE);
        limits.max_image_height = Some(SIDE);
        limits.max_alloc = Some(MEMORY);
        let mut reader = ImageReader::with_format(Cursor::new(bytes), kind);
        reader.limits(limits);
        let mut decoder = reader.into_decoder().map_err(told)?;
        let (width, height) = decoder.dimensions();
        if u64::from(width) * u64::from(height) > PIXELS {
            return Err(Error::TooLarge);
        }
        let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
        let mut image = DynamicImage::from_decoder(decoder).map_err(told)?;
        image.apply_orientation(orientation);
        Ok(Self { image, format })
    }

    /// Width in pixels.
    pub fn width(&self) -> u32 {
        self.image.width()
    }

    /// Height in pixels.
    pub fn height(&self) -> u32 {
        self.image.height()
    }

    /// Its format.
    pub fn format(&self) -> Format {
        self.format
    }

    /// The picture, made smaller if it has a side that is longer than `side`.
    #[must_use]
    pub fn within(self, side: u32) -> Self {
        if self.width().max(self.height()) <= side {
            return self;
        }
        Self { image: self.image.resize(side, side, FilterType::Triangle), ..self }
    }

    /// The picture in its format, without whatever else was in the file: places, cameras, other people's programs.
    pub fn write(&self) -> Result<Vec<u8>, Error> {
        write(&self.image, self.format)
    }

    /// Square pictures with these sides: of the centre of the picture, or of the centre of a part of it.
    pub fn squares(&self, crop: Option<Crop>, sides: &[u32]) -> Result<Vec<Vec<u8>>, Error> {
        let (x, y, side) = square(self.width(), self.height(), crop);
        let largest = sides.iter().copied().max().unwrap_or(1);
        let mut part = self.image.crop_imm(x, y, side, side);
        // Coarsely first: scaling a large picture well many times takes long, and nobody sees it.
        if side > largest * 3 {
            part = part.thumbnail_exact(largest * 2, largest * 2);
        }
        sides
            .iter()
            .map(|side| write(&part.resize_exact(*side, *side, FilterType::CatmullRom), self.format))
            .collect()
    }
}

/// The centred square of a part of a picture: its corner and side. What lies outside the picture is cut off.
fn square(width: u32, height: u32, crop: Option<Crop>) -> (u32, u32, u32) {
    let crop = crop.unwrap_or(Crop { x: 0, y: 0, width: 0, height: 0 });
    let extent = |start: u32, length: u32, whole: u32| {
        let start = start.min(whole.saturating_sub(1));
        let rest = whole - start;
        (start, if length == 0 { rest } else { length.min(rest) })
    };
    let ((x, width), (y, height)) = (extent(crop.x, crop.width, width), extent(crop.y, crop.height, height));
    let side = width.min(height);
    (x + (width - side) / 2, y + (height - side) / 2, side)
}

fn format_of(bytes: &[u8]) -> Result<Format, Error> {
    if bytes.is_empty() {
        return Err(Error::Format);
    }
    match image::guess_format(bytes) {
        Ok(ImageFormat::Png) => Ok(Format::Png),
        Ok(ImageFormat::Jpeg) => Ok(Format::Jpeg),
        Ok(_) => Err(Error::Format),
        Err(_) => Err(Error::NoPicture),
    }
}

fn write(image: &DynamicImage, format: Format) -> Result<Vec<u8>, Error> {
    let mut out = Cursor::new(Vec::new());
    let written = match format {
        // Eight bits for each colour are enough to look at.
        Format::Png if image.color().has_alpha() => {
            DynamicImage::from(image.to_rgba8()).write_to(&mut out, ImageFormat::Png)
        }
        Format::Png => DynamicImage::from(image.to_rgb8()).write_to(&mut out, ImageFormat::Png),
        Format::Jpeg => JpegEncoder::new_with_quality(&mut out, QUALITY).encode_image(&image.to_rgb8()),
    };
    written.map_err(told)?;
    Ok(out.into_inner())
}

fn told(error: image::ImageError) -> Error {
    match error {
        image::ImageError::Limits(_) => Error::TooLarge,
        other => Error::Broken(other.to_string()),
    }
}

#[cfg(test)]
mod tests;
