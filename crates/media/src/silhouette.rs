//! What stands for people who set no picture: head and shoulders on a plain ground.

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};

const GROUND: [f64; 3] = [223.0, 226.0, 227.0];
const FIGURE: [f64; 3] = [163.0, 169.0, 174.0];

/// The picture for people without one, as a square PNG with this side.
pub fn silhouette(side: u32) -> Vec<u8> {
    let scale = f64::from(side.max(1));
    let picture = RgbImage::from_fn(side, side, |x, y| {
        let (x, y) = ((f64::from(x) + 0.5) / scale, (f64::from(y) + 0.5) / scale);
        let head = circle(x, y, 0.38, 0.185);
        let shoulders = circle(x, y, 0.98, 0.36);
        // Within one pixel of the edge the colours mix.
        let share = (0.5 - head.min(shoulders) * scale).clamp(0.0, 1.0);
        Rgb(std::array::from_fn(|i| byte(GROUND[i] + (FIGURE[i] - GROUND[i]) * share)))
    });
    let mut out = Cursor::new(Vec::new());
    // Writing into memory has nothing to fail at.
    let _ = picture.write_to(&mut out, ImageFormat::Png);
    out.into_inner()
}

/// How far a point is from the edge of a circle in the middle of the picture; less than 0 within.
fn circle(x: f64, y: f64, middle: f64, radius: f64) -> f64 {
    (x - 0.5).hypot(y - middle) - radius
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is between 0 and 255")]
fn byte(value: f64) -> u8 {
    value.round().clamp(0.0, 255.0) as u8
}
