//! Mailed links, the pure part: their types, keys and lifetimes (people.md §7.1).

use chacha20poly1305::aead::{Aead as _, KeyInit as _};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};
use data_encoding::{BASE64, BASE64URL_NOPAD};
use hmac::{Hmac, Mac as _};
use sha2::{Digest as _, Sha256};

use crate::Timestamp;
use crate::time::{DAY, SECOND};

macro_rules! confirm_types {
    ($($(#[$doc:meta])* $name:ident $lifetime:expr;)*) => {
        /// What a mailed link is for (people.md §1). The order is the reference's.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum ConfirmType { $($(#[$doc])* $name,)* }

        impl ConfirmType {
            /// Every type.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Its name, in addresses and on the wire.
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)* }
            }

            /// How long a link of it is good, in microseconds; none: for ever.
            pub fn lifetime(self) -> Option<i64> {
                match self { $(Self::$name => $lifetime,)* }
            }
        }
    };
}

const WEEK: Option<i64> = Some(7 * DAY);
const HOUR: Option<i64> = Some(3600 * SECOND);

confirm_types! {
    /// An invitation by an administrator.
    EmpInvite WEEK;
    /// An invitation, by mail or by a common link.
    LinkInvite WEEK;
    /// The owner lets the portal rest.
    PortalSuspend WEEK;
    /// The owner wakes it again.
    PortalContinue None;
    /// The owner deletes it.
    PortalRemove WEEK;
    /// A change of the portal's domain.
    DnsChange WEEK;
    /// The owner gives the portal to somebody else.
    PortalOwnerChange WEEK;
    /// A new account's address and password.
    Activation WEEK;
    /// A change of an account's address.
    EmailChange WEEK;
    /// A new account's address.
    EmailActivation WEEK;
    /// A new password.
    PasswordChange WEEK;
    /// Switching off one's own account.
    ProfileRemove WEEK;
    /// Binding a telephone.
    PhoneActivation HOUR;
    /// A code by telephone.
    PhoneAuth HOUR;
    /// Signing in by a link.
    Auth HOUR;
    /// Binding an authenticator app.
    TfaActivation HOUR;
    /// A code of an authenticator app.
    TfaAuth HOUR;
    /// Set-up.
    Wizard HOUR;
    /// Getting to know a guest of somebody else.
    GuestShareLink WEEK;
}

impl ConfirmType {
    /// The type of this name, in any case, or of this ordinal.
    pub fn of(text: &str) -> Option<Self> {
        let text = text.trim();
        let by_number = text.parse::<usize>().ok().and_then(|number| Self::ALL.get(number).copied());
        by_number.or_else(|| Self::ALL.iter().copied().find(|kind| kind.name().eq_ignore_ascii_case(text)))
    }
}

/// Milliseconds from the epoch of Unix to that of the keys: 2010-01-01 UTC.
const KEY_EPOCH: i64 = 1_262_304_000_000;

/// The installation's secret, from which keys are made.
#[derive(Debug, Clone, Copy)]
pub struct Secret([u8; 32]);

impl Secret {
    /// Of 64 hex digits.
    pub(super) fn of_hex(text: &str) -> Option<Self> {
        let bytes = data_encoding::HEXLOWER.decode(text.as_bytes()).ok()?;
        bytes.try_into().ok().map(Self)
    }

    fn mac(self, text: &str) -> [u8; 32] {
        // A MAC takes keys of any length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else { return [0; 32] };
        mac.update(text.as_bytes());
        mac.finalize().into_bytes().into()
    }

    /// A key's digest: upper-case base64 without its three odd characters.
    pub(super) fn digest(self, bound: &str) -> String {
        let text = BASE64.encode(&self.mac(&bound.to_lowercase()));
        text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
    }

    /// The 15 characters that stand for a path: nobody can guess them.
    pub(super) fn short(self, path: &str) -> String {
        let text = BASE64.encode(&self.mac(&format!("short|{path}")));
        text.chars().filter(char::is_ascii_alphanumeric).take(15).collect()
    }

    /// The key for a bound text: `{milliseconds since 2010}.{digest}`.
    pub(super) fn key(self, bound: &str, at: Timestamp) -> String {
        let millis = at.0 / 1000 - KEY_EPOCH;
        format!("{millis}.{}", self.digest(&format!("{bound}|{millis}")))
    }

    /// When the key was made, if it was made for this text.
    pub(super) fn made_at(self, key: &str, bound: &str) -> Option<Timestamp> {
        let (millis, digest) = key.split_once('.')?;
        let millis: i64 = millis.parse().ok()?;
        let at = millis.checked_add(KEY_EPOCH)?.checked_mul(1000)?;
        same(digest, &self.digest(&format!("{bound}|{millis}"))).then_some(Timestamp(at))
    }

    fn cipher(self) -> ChaCha20Poly1305 {
        ChaCha20Poly1305::new(&Key::from(self.mac("encemail")))
    }

    /// An e-mail address as it stands in a link: nobody but us can read it.
    pub(super) fn seal(self, email: &str, nonce: [u8; 12]) -> String {
        let sealed = self.cipher().encrypt(&Nonce::from(nonce), email.as_bytes()).unwrap_or_default();
        BASE64URL_NOPAD.encode(&[nonce.as_slice(), &sealed].concat())
    }

    /// The address sealed in a link.
    pub(super) fn open(self, sealed: &str) -> Option<String> {
        let bytes = BASE64URL_NOPAD.decode(sealed.trim_end_matches('=').as_bytes()).ok()?;
        let (nonce, sealed) = bytes.split_at_checked(12)?;
        let nonce: [u8; 12] = nonce.try_into().ok()?;
        let plain = self.cipher().decrypt(&Nonce::from(nonce), sealed).ok()?;
        String::from_utf8(plain).ok()
    }
}

/// Whether two secrets are the same, in a time that tells nothing of where they differ.
pub(super) fn same(left: &str, right: &str) -> bool {
    Sha256::digest(left.as_bytes()) == Sha256::digest(right.as_bytes())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECRET: Secret = Secret([7; 32]);

    #[test]
    fn a_key_has_the_references_form() {
        let at = Timestamp(1_772_357_400_000_000);
        let key = SECRET.key("ada@ex.orgPasswordChange", at);
        let (millis, digest) = key.split_once('.').unwrap_or_default();
        assert_eq!(millis, "510053400000");
        assert!(
            digest.len() >= 30 && digest.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()),
            "{digest}"
        );
        assert_eq!(SECRET.made_at(&key, "ADA@ex.orgpasswordchange"), Some(at), "case doesn't count");
        assert_eq!(SECRET.made_at(&key, "eve@ex.orgPasswordChange"), None);
        assert_eq!(Secret([8; 32]).made_at(&key, "ada@ex.orgPasswordChange"), None);
    }

    #[test]
    fn types_go_by_name_and_number() {
        assert_eq!(ConfirmType::of("passwordchange"), Some(ConfirmType::PasswordChange));
        assert_eq!(ConfirmType::of("1"), Some(ConfirmType::LinkInvite));
        assert_eq!(ConfirmType::of("19"), None);
    }

    proptest! {
        #[test]
        fn no_text_is_a_key_by_chance_nor_panics(key in ".{0,80}", bound in ".{0,40}") {
            prop_assert_eq!(SECRET.made_at(&key, &bound), None);
            prop_assert_eq!(SECRET.open(&key), None);
        }

        #[test]
        fn an_address_comes_out_as_it_went_in(email in ".{1,80}", nonce in any::<[u8; 12]>()) {
            prop_assert_eq!(SECRET.open(&SECRET.seal(&email, nonce)), Some(email));
        }
    }
}
