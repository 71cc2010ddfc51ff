//! Passwords: the hash a client makes, and the one that is stored over it.
//!
//! Clients send either the plain password or PBKDF2 of it (foundation.md §2.4); both become the same hex text, and
//! argon2id of that text is what is stored. All functions here are slow on purpose: callers run them on the
//! hashing pool, never on a thread that serves requests.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use data_encoding::HEXLOWER;
use sha2::Sha256;

use crate::portal_settings::PasswordPolicy;
use crate::{Problem, Result};

/// Rounds of the clients' hash.
pub const ITERATIONS: u32 = 100_000;
/// Bits of the clients' hash.
pub const SIZE: u32 = 256;

/// The hash a client would send for a plain password: lower-case hex of PBKDF2-HMAC-SHA256 over the ASCII of the salt.
pub fn client_hash(password: &str, salt: &str) -> String {
    let mut hash = [0; (SIZE / 8) as usize];
    pbkdf2::pbkdf2_hmac::<Sha256>(password.as_bytes(), salt.as_bytes(), ITERATIONS, &mut hash);
    HEXLOWER.encode(&hash)
}

/// What is stored for a client's hash: argon2id as a PHC string. `salt` is 16 random bytes.
pub fn stored_hash(client_hash: &str, salt: &[u8; 16]) -> Result<String> {
    let hash = Argon2::default()
        .hash_password_with_salt(client_hash.trim().as_bytes(), salt)
        .map_err(Problem::internal)?;
    Ok(hash.to_string())
}

/// Whether a client's hash fits what is stored. With nothing stored it takes as long and says no.
pub fn verify(client_hash: &str, stored: Option<&str>) -> bool {
    let parsed = stored.and_then(|stored| PasswordHash::new(stored).ok());
    let Some(parsed) = parsed else {
        // An unknown name must cost what a known one costs.
        let _ = stored_hash(client_hash, &[0; 16]);
        return false;
    };
    Argon2::default().verify_password(client_hash.trim().as_bytes(), &parsed).is_ok()
}

/// The sentence for a plain password that breaks the portal's policy, or none (foundation.md §2.4).
pub fn policy_problem(password: &str, policy: &PasswordPolicy) -> Option<String> {
    let has = |test: fn(&u8) -> bool| password.bytes().any(|b| test(&b));
    let length = i64::try_from(password.chars().count()).unwrap_or(i64::MAX);
    let ok = (policy.min_length..=*PasswordPolicy::RANGE.end()).contains(&length)
        && password.bytes().all(|b| (0x21..=0x7e).contains(&b))
        && (!policy.upper_case || has(u8::is_ascii_uppercase))
        && (!policy.digits || has(u8::is_ascii_digit))
        && (!policy.special || has(u8::is_ascii_punctuation));
    (!ok).then(|| sentence(policy))
}

fn sentence(policy: &PasswordPolicy) -> String {
    let (least, most) = (policy.min_length, PasswordPolicy::RANGE.end());
    let mut text =
        format!("Password must contain from {least} to {most} characters, only latin letters, no spaces");
    for (wanted, words) in [
        (policy.upper_case, ", capital letters"),
        (policy.digits, ", digits"),
        (policy.special, ", special characters"),
    ] {
        if wanted {
            text.push_str(words);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clients_hash_is_pbkdf2_over_the_salts_text() {
        // python3 -c "import hashlib;print(hashlib.pbkdf2_hmac('sha256',b'secret12',b'ab'*32,100000).hex())"
        let expected = "5503234766468764b8340105b35b81b2596da43b3406f2af4ade74ce18df62fd";
        assert_eq!(client_hash("secret12", &"ab".repeat(32)), expected);
    }

    #[test]
    fn what_is_stored_fits_its_password_alone() {
        let stored = stored_hash("0123", &[7; 16]).unwrap_or_default();
        assert!(stored.starts_with("$argon2id$"));
        assert!(verify("0123", Some(&stored)));
        assert!(!verify("0124", Some(&stored)));
        assert!(!verify("0123", None));
    }

    #[test]
    fn the_default_policy_is_about_length_and_letters() {
        let policy = PasswordPolicy::default();
        for bad in ["short", &"x".repeat(31), "with space", "naïvepassword"] {
            assert!(policy_problem(bad, &policy).is_some(), "{bad}");
        }
        assert!(policy_problem("longenough", &policy).is_none());
    }

    #[test]
    fn a_stricter_policy_says_what_it_wants() {
        let strict = PasswordPolicy { min_length: 10, upper_case: true, digits: true, special: true };
        let sentence = "Password must contain from 10 to 30 characters, only latin letters, no spaces, capital \
                        letters, digits, special characters";
        for bad in ["Short1!", "alllower1!", "NoDigits!!", "NoSpecial1"] {
            assert_eq!(policy_problem(bad, &strict).as_deref(), Some(sentence), "{bad}");
        }
        assert_eq!(policy_problem("Passw0rd!!", &strict), None);
    }
}
