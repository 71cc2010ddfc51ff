//! What a portal may hold, what is in it, and who administers it, on both engines.

use db::{args, sql};
use domain::Kind::{AccessDenied, BadArgument, SeatsTaken, UserNotFound};
use domain::ids::{PortalId, UserId};
use domain::people::seats::Seats;
use domain::people::{Person, UserKind, types};
use domain::plan::{self, Limits, Used};
use domain::quotas::{self, AgentQuota, PortalQuota, RoomQuota, UserQuota};
use domain::rooms::RoomKind;
use domain::setting::Stored;
use domain::{Call, Result, portals, setting};
use testkit::Lab;

use crate::cast::{Cast, create, new_room, outcome};

fn used(lab: &Lab, portal: PortalId) -> Used {
    lab.read(move |conn| plan::used(conn, portal)).unwrap()
}

fn limits(lab: &Lab, portal: PortalId) -> Limits {
    lab.read(move |conn| plan::limits(conn, portal)).unwrap()
}

fn set_room(lab: &Lab, call: &Call, enabled: bool, bytes: i64) -> Result<Stored<RoomQuota>> {
    let inner = call.clone();
    lab.write(call, move |tx| quotas::set::<RoomQuota>(tx, &inner, enabled, bytes))
}

fn set_portal(lab: &Lab, call: &Call, portal: PortalId, bytes: i64) -> Result<Stored<PortalQuota>> {
    let inner = call.clone();
    lab.write(call, move |tx| quotas::set_portal(tx, &inner, portal, bytes))
}

fn administer(lab: &Lab, by: &Person, whom: UserId, on: bool) -> Result<Person> {
    let call = lab.call(by);
    lab.write(&call.clone(), move |tx| types::set_administrator(tx, &call, whom, on))
}

testkit::on_both_engines! {
    fn each_portal_counts_its_own(lab) {
        lab.set_up();
        let cast = Cast::of(&lab);
        let (other, owner) = lab.found("other");
        for (kind, title) in [(RoomKind::Custom, "A"), (RoomKind::Public, "B"), (RoomKind::Agent, "C")] {
            create(&lab, &cast.creator, domain::rooms::NewRoom { kind, ..new_room(title) }).unwrap();
        }
        lab.store.upkeep_blocking(|tx| {
            tx.exec(sql!("update room set used_bytes = 7 where portal_id = $1"), args![1_i64])?;
            Ok(())
        }).unwrap();
        assert_eq!(used(&lab, lab.portal().id), Used { admins: 4, users: 2, rooms: 2, agents: 1, bytes: 21 });
        assert_eq!(used(&lab, other.id), Used { admins: 1, users: 0, rooms: 0, agents: 0, bytes: 0 });

        let call = lab.call_in(&other, &owner);
        set_portal(&lab, &call, other.id, 100).unwrap();
        set_room(&lab, &call, true, 60).unwrap();
        assert_eq!((limits(&lab, other.id).bytes, limits(&lab, lab.portal().id).bytes), (Some(100), None));
        let id = other.id;
        let again = lab.read(move |conn| portals::by_id(conn, id)).unwrap().unwrap();
        assert_eq!((again.room_limit.enabled, again.room_limit.default_bytes), (true, 60));
        assert!(!lab.portal().room_limit.enabled);
        assert_eq!(outcome(set_portal(&lab, &call, lab.portal().id, 5)), Some(AccessDenied));
    }

    fn limits_fit_into_the_portals(lab) {
        let owner = lab.set_up();
        let cast = Cast::of(&lab);
        let (call, portal) = (lab.call(&owner), lab.portal().id);
        assert!(set_room(&lab, &call, true, i64::MAX).is_ok(), "no limit, nothing to fit into");
        assert_eq!(set_portal(&lab, &call, portal, 50).unwrap().value.bytes, Some(50));
        assert_eq!(outcome(set_room(&lab, &call, true, 51)), Some(BadArgument));
        assert_eq!(set_room(&lab, &call, true, 50).unwrap().value.0.default_bytes, 50);
        assert_eq!(set_room(&lab, &call, false, -3).unwrap().value.0.default_bytes, 0);
        for person in [&cast.creator, &cast.user, &cast.guest] {
            let (call, inner) = (lab.call(person), lab.call(person));
            assert_eq!(outcome(set_room(&lab, &call, true, 1)), Some(AccessDenied));
            assert_eq!(outcome(set_portal(&lab, &call, portal, 1)), Some(AccessDenied));
            let recounted = lab.write(&call, move |tx| quotas::recount_all(tx, &inner));
            assert_eq!(recounted.unwrap_err().kind(), AccessDenied);
        }
        assert_eq!(set_portal(&lab, &lab.call(&cast.admin), portal, -1).unwrap().value.bytes, None);
    }

    fn a_recount_changes_no_limit(lab) {
        let owner = lab.set_up();
        let (call, inner) = (lab.call(&owner), lab.call(&owner));
        set_room(&lab, &call, true, 40).unwrap();
        set_portal(&lab, &call, lab.portal().id, 50).unwrap();
        lab.write(&call, move |tx| quotas::recount_all(tx, &inner)).unwrap();
        let (portal, now) = (lab.portal().id, lab.now());
        lab.read(move |conn| {
            let RoomQuota(room) = setting::of_portal(conn, portal)?;
            assert_eq!((room.enabled, room.default_bytes, room.recounted()), (true, 40, Some(now)));
            let (UserQuota(user), AgentQuota(agent)) = (setting::of_portal(conn, portal)?, setting::of_portal(conn, portal)?);
            assert_eq!((user.enabled, user.default_bytes, user.recounted()), (false, -2, Some(now)));
            assert_eq!(agent.recounted(), Some(now));
            let whole: PortalQuota = setting::of_portal(conn, portal)?;
            assert_eq!((whole.bytes, whole.recounted()), (Some(50), Some(now)));
            Ok(())
        }).unwrap();
    }

    fn the_owner_alone_makes_and_unmakes_administrators(lab) {
        let owner = lab.set_up();
        let cast = Cast::of(&lab);
        let nobody = UserId::new(uuid::Uuid::nil());
        for by in [&cast.admin, &cast.creator, &cast.user, &cast.guest] {
            assert_eq!(outcome(administer(&lab, by, cast.stranger.id, true)), Some(AccessDenied));
            assert_eq!(outcome(administer(&lab, by, nobody, true)), Some(AccessDenied), "rights first");
            assert_eq!(outcome(administer(&lab, by, owner.id, false)), Some(AccessDenied));
        }
        for whom in [&cast.creator, &cast.user, &cast.guest, &cast.admin] {
            assert_eq!(administer(&lab, &owner, whom.id, true).unwrap().kind, UserKind::DocSpaceAdmin);
        }
        assert_eq!(outcome(administer(&lab, &cast.admin, cast.user.id, false)), Some(AccessDenied));
        assert_eq!(administer(&lab, &owner, cast.user.id, false).unwrap().kind, UserKind::RoomAdmin);
        assert_eq!(outcome(administer(&lab, &owner, owner.id, false)), Some(AccessDenied));
        assert_eq!(outcome(administer(&lab, &owner, nobody, false)), Some(UserNotFound));

        let seats = Seats { admins: Some(1), users: None };
        let portal = lab.portal().id;
        lab.write(&lab.call(&owner), move |tx| setting::set(tx, portal, None, &seats)).unwrap();
        let late = lab.person(UserKind::User, "late");
        assert_eq!(outcome(administer(&lab, &owner, late.id, true)), Some(SeatsTaken));
        assert_eq!(limits(&lab, portal).admins, Some(1));
    }
}
