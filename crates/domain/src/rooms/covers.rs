//! The built-in room covers: fixed ids and their drawings (contract `rooms.md` §10).
//!
//! The drawings and their licence are in the folder `covers` beside this file.

/// A drawing a room, template or group can wear instead of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cover {
    /// The id clients send and store.
    pub id: &'static str,
    /// The drawing: one line of SVG that takes its colour from the text around it.
    pub svg: &'static str,
}

/// Every cover, sorted by id.
pub const COVERS: &[Cover] = &[
    Cover { id: "anchor", svg: include_str!("covers/anchor.svg") },
    Cover { id: "archive", svg: include_str!("covers/archive.svg") },
    Cover { id: "bell", svg: include_str!("covers/bell.svg") },
    Cover { id: "book_open", svg: include_str!("covers/book_open.svg") },
    Cover { id: "bookmark", svg: include_str!("covers/bookmark.svg") },
    Cover { id: "calendar", svg: include_str!("covers/calendar.svg") },
    Cover { id: "camera", svg: include_str!("covers/camera.svg") },
    Cover { id: "cart", svg: include_str!("covers/cart.svg") },
    Cover { id: "check mark", svg: include_str!("covers/check_mark.svg") },
    Cover { id: "clipboard", svg: include_str!("covers/clipboard.svg") },
    Cover { id: "cloud", svg: include_str!("covers/cloud.svg") },
    Cover { id: "comment_1", svg: include_str!("covers/comment_1.svg") },
    Cover { id: "dollar", svg: include_str!("covers/dollar.svg") },
    Cover { id: "face_1", svg: include_str!("covers/face_1.svg") },
    Cover { id: "feather", svg: include_str!("covers/feather.svg") },
    Cover { id: "file_1", svg: include_str!("covers/file_1.svg") },
    Cover { id: "film", svg: include_str!("covers/film.svg") },
    Cover { id: "flag", svg: include_str!("covers/flag.svg") },
    Cover { id: "folder", svg: include_str!("covers/folder.svg") },
    Cover { id: "gift", svg: include_str!("covers/gift.svg") },
    Cover { id: "hash", svg: include_str!("covers/hash.svg") },
    Cover { id: "headphones", svg: include_str!("covers/headphones.svg") },
    Cover { id: "heart", svg: include_str!("covers/heart.svg") },
    Cover { id: "house", svg: include_str!("covers/house.svg") },
    Cover { id: "human", svg: include_str!("covers/human.svg") },
    Cover { id: "img", svg: include_str!("covers/img.svg") },
    Cover { id: "label", svg: include_str!("covers/label.svg") },
    Cover { id: "layers", svg: include_str!("covers/layers.svg") },
    Cover { id: "life_buoy", svg: include_str!("covers/life_buoy.svg") },
    Cover { id: "lock_security", svg: include_str!("covers/lock_security.svg") },
    Cover { id: "loupe", svg: include_str!("covers/loupe.svg") },
    Cover { id: "mail", svg: include_str!("covers/mail.svg") },
    Cover { id: "map", svg: include_str!("covers/map.svg") },
    Cover { id: "medal", svg: include_str!("covers/medal.svg") },
    Cover { id: "package", svg: include_str!("covers/package.svg") },
    Cover { id: "pen", svg: include_str!("covers/pen.svg") },
    Cover { id: "percent", svg: include_str!("covers/percent.svg") },
    Cover { id: "planet", svg: include_str!("covers/planet.svg") },
    Cover { id: "schedule", svg: include_str!("covers/schedule.svg") },
    Cover { id: "share", svg: include_str!("covers/share.svg") },
    Cover { id: "shield", svg: include_str!("covers/shield.svg") },
    Cover { id: "sliders", svg: include_str!("covers/sliders.svg") },
    Cover { id: "star", svg: include_str!("covers/star.svg") },
    Cover { id: "suitcase", svg: include_str!("covers/suitcase.svg") },
    Cover { id: "telephone", svg: include_str!("covers/telephone.svg") },
    Cover { id: "truck", svg: include_str!("covers/truck.svg") },
    Cover { id: "umbrella", svg: include_str!("covers/umbrella.svg") },
    Cover { id: "video_camera", svg: include_str!("covers/video_camera.svg") },
    Cover { id: "watch", svg: include_str!("covers/watch.svg") },
    Cover { id: "zap", svg: include_str!("covers/zap.svg") },
];

/// The cover with this id.
pub fn find(id: &str) -> Option<&'static Cover> {
    COVERS.binary_search_by(|cover| cover.id.cmp(id)).ok().and_then(|at| COVERS.get(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_sorted_and_unique() {
        assert!(COVERS.is_sorted_by(|a, b| a.id < b.id));
    }

    #[test]
    fn drawings_are_small_and_safe() {
        for Cover { id, svg } in COVERS {
            assert!(svg.starts_with("<svg"), "{id}");
            assert!(!svg.contains("<script"), "{id}");
            assert!(svg.len() < 2048, "{id}");
            assert_eq!(svg.lines().count(), 1, "{id}");
        }
    }

    #[test]
    fn every_id_is_found_and_no_other() {
        for cover in COVERS {
            assert_eq!(find(cover.id), Some(cover));
        }
        for id in ["", "Anchor", "check_mark", "zzz"] {
            assert_eq!(find(id), None, "{id}");
        }
    }
}
