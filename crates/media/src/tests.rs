use image::{Rgb, RgbImage, Rgba, RgbaImage};

use super::*;

/// A picture whose left half is red and whose right half is blue.
fn halves(width: u32, height: u32) -> DynamicImage {
    RgbImage::from_fn(width, height, |x, _| if x < width / 2 { Rgb([255, 0, 0]) } else { Rgb([0, 0, 255]) })
        .into()
}

fn is_red(bytes: &[u8], x: u32, y: u32) -> bool {
    let pixel = image::load_from_memory(bytes).expect("a picture").to_rgb8().get_pixel(x, y).0;
    pixel[0] > 128 && pixel[2] < 128
}

/// A JPEG with an Exif orientation in it.
fn turned(image: &DynamicImage, orientation: u8) -> Vec<u8> {
    let jpeg = write(image, Format::Jpeg).expect("a JPEG");
    let tiff =
        [b"II*\0", &[8, 0, 0, 0][..], &[1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0]]
            .concat();
    let body = [b"Exif\0\0", &tiff[..]].concat();
    let length = u16::try_from(body.len() + 2).expect("it is short").to_be_bytes();
    [&jpeg[..2], &[0xff, 0xe1], &length, &body, &jpeg[2..]].concat()
}

#[test]
fn formats_are_told_by_content() {
    let png = write(&halves(4, 4), Format::Png).expect("a PNG");
    assert_eq!(Picture::read(&png).expect("it is read").format(), Format::Png);
    let jpeg = write(&halves(4, 4), Format::Jpeg).expect("a JPEG");
    assert_eq!(Picture::read(&jpeg).expect("it is read").format(), Format::Jpeg);
    for (bytes, error) in [
        (&b""[..], Error::Format),
        (b"GIF89a\x01\0\x01\0\0\0\0;", Error::Format),
        (b"BM\0\0\0\0\0\0", Error::Format),
        (b"RIFF\0\0\0\0WEBPVP8 ", Error::Format),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", Error::NoPicture),
        (b"hello", Error::NoPicture),
    ] {
        assert_eq!(Picture::read(bytes).err(), Some(error), "{bytes:?}");
    }
    for length in [8, 20, png.len() / 2] {
        assert!(matches!(Picture::read(&png[..length]), Err(Error::Broken(_))), "{length}");
    }
}

#[test]
fn a_small_file_of_a_huge_picture_is_refused_unread() {
    // The head of a PNG of 100,000 × 100,000 pixels, and one of 16,000 × 16,000.
    for side in [100_000_u32, 16_000] {
        let mut png = write(&halves(1, 1), Format::Png).expect("a PNG");
        png[16..20].copy_from_slice(&side.to_be_bytes());
        png[20..24].copy_from_slice(&side.to_be_bytes());
        let sum = checksum(&png[12..29]).to_be_bytes();
        png[29..33].copy_from_slice(&sum);
        assert_eq!(Picture::read(&png).err(), Some(Error::TooLarge), "{side}");
    }
}

/// CRC-32 as PNG has it.
fn checksum(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |sum, byte| {
        (0..8).fold(
            sum ^ u32::from(*byte),
            |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 },
        )
    })
}

#[test]
fn a_picture_taken_sideways_is_turned_and_loses_its_notes() {
    let bytes = turned(&halves(40, 20), 6);
    let picture = Picture::read(&bytes).expect("it is read");
    assert_eq!((picture.width(), picture.height()), (20, 40));
    let written = picture.write().expect("it is written");
    assert!(is_red(&written, 10, 5) && !is_red(&written, 10, 35));
    assert!(!written.windows(4).any(|window| window == b"Exif"));
}

#[test]
fn squares_are_of_the_centre_or_of_the_part_that_is_asked_for() {
    let picture = Picture::read(&write(&halves(300, 100), Format::Png).expect("a PNG")).expect("it is read");
    let centre = picture.squares(None, &[32, 48]).expect("squares");
    assert!(is_red(&centre[0], 8, 16) && !is_red(&centre[0], 24, 16));
    assert_eq!(image::load_from_memory(&centre[1]).expect("a picture").width(), 48);
    let right = Crop { x: 160, y: 0, width: 0, height: 0 };
    assert!(!is_red(&picture.squares(Some(right), &[32]).expect("a square")[0], 2, 16));
    let left = Crop { x: 0, y: 0, width: 50, height: 50 };
    assert!(is_red(&picture.squares(Some(left), &[32]).expect("a square")[0], 30, 16));
}

#[test]
fn a_part_is_cut_to_the_picture() {
    let crop = |x, y, width, height| Some(Crop { x, y, width, height });
    for (wanted, found) in [
        (None, (100, 0, 100)),
        (crop(0, 0, 0, 0), (100, 0, 100)),
        (crop(10, 20, 30, 30), (10, 20, 30)),
        (crop(10, 20, 50, 30), (20, 20, 30)),
        (crop(290, 90, 500, 500), (290, 90, 10)),
        (crop(300, 100, 5, 5), (299, 99, 1)),
        (crop(u32::MAX, u32::MAX, u32::MAX, u32::MAX), (299, 99, 1)),
    ] {
        assert_eq!(square(300, 100, wanted), found, "{wanted:?}");
    }
}

#[test]
fn a_large_picture_is_made_smaller_and_a_small_one_left() {
    let large = Picture { image: halves(400, 100), format: Format::Png }.within(200);
    assert_eq!((large.width(), large.height()), (200, 50));
    let small = Picture { image: halves(40, 10), format: Format::Png }.within(200);
    assert_eq!((small.width(), small.height()), (40, 10));
}

#[test]
fn transparency_stays_in_a_png() {
    let clear: DynamicImage = RgbaImage::from_pixel(50, 50, Rgba([9, 9, 9, 0])).into();
    let picture = Picture::read(&write(&clear, Format::Png).expect("a PNG")).expect("it is read");
    let square = &picture.squares(None, &[32]).expect("a square")[0];
    assert_eq!(image::load_from_memory(square).expect("a picture").to_rgba8().get_pixel(5, 5).0[3], 0);
}

#[test]
fn silhouettes_are_small_pngs_of_their_size() {
    for side in [32, 48, 82, 200, 360] {
        let bytes = silhouette(side);
        let picture = Picture::read(&bytes).expect("it is read");
        assert_eq!((picture.width(), picture.height(), picture.format()), (side, side, Format::Png));
        assert!(bytes.len() < 16_000, "{}", bytes.len());
    }
}
