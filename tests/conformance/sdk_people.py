"""The official Python client, docspace-api-sdk, against us: people, groups, signing in, security and API keys.

OUTBOX is the folder where the server leaves the letters it can't send. Of the client's classes
for these subjects every operation must be called that we have, so that this can't fall behind in silence.
"""

import email
import email.policy
import functools
import importlib
import json
import os
import pathlib
import pkgutil
import re
import struct
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
import zlib

from official import (
    API_KEY, BASE_URL, NEVER_EXISTED, Mismatch, Recorder, expect, nothing_left_out, operations, refused, response, run,
    succeeded,
)

import docspace_api_sdk as sdk
from docspace_api_sdk import models
from docspace_api_sdk.api.group.search_api import SearchApi as GroupSearchApi
from docspace_api_sdk.api.people.guests_api import GuestsApi
from docspace_api_sdk.api.people.quota_api import QuotaApi
from docspace_api_sdk.api.people.search_api import SearchApi
from docspace_api_sdk.api.portal.guests_api import GuestsApi as GuestLinksApi
from docspace_api_sdk.api.security.access_to_dev_tools_api import AccessToDevToolsApi
from docspace_api_sdk.api.security.banners_visibility_api import BannersVisibilityApi
from docspace_api_sdk.exceptions import (
    BadRequestException,
    ForbiddenException,
    NotFoundException,
    UnauthorizedException,
)

OUTBOX = pathlib.Path(os.environ["OUTBOX"])
PATIENCE = 30
SECRET = "longer-secret-8"
NOBODY = uuid.UUID("00000000-0000-4000-8000-000000000001")
Type = models.EmployeeType
Status = models.EmployeeStatus

# What can only be refused here: there are no text messages to sign in with, and a photo is not fetched from a private
# address, while a test has no other.
ONLY_REFUSED = {
    "POST /api/2.0/authentication/sendsms",
    "POST /api/2.0/authentication/setphone",
    "POST /api/2.0/authentication/{code}",
    "PUT /api/2.0/people/{userid}/photo",
}



class Portal:
    """The client's API classes, signed in by a token or a session's cookie, come by a mailed link, or neither."""

    def __init__(self, token=None, cookie=None, link=None):
        http = Recorder(sdk.Configuration(host=BASE_URL), cookie=cookie and f"asc_auth_key={cookie}")
        if token:
            http.set_default_header("Authorization", f"Bearer {token}")
        if link:
            http.set_default_header("confirm", link)
        self.authentication = sdk.AuthenticationApi(http)
        self.keys = sdk.ApiKeysApi(http)
        self.groups = sdk.GroupApi(http)
        self.group_search = GroupSearchApi(http)
        self.rooms = sdk.RoomsApi(http)
        # people
        self.email = sdk.EmailApi(http)
        self.guests = GuestsApi(http)
        self.guest_links = GuestLinksApi(http)
        self.password = sdk.PasswordApi(http)
        self.photos = sdk.PhotosApi(http)
        self.profiles = sdk.ProfilesApi(http)
        self.quota = QuotaApi(http)
        self.search = SearchApi(http)
        self.statuses = sdk.UserStatusApi(http)
        self.theme = sdk.ThemeApi(http)
        self.types = sdk.UserTypeApi(http)
        self.data = sdk.UserDataApi(http)
        # security
        self.audit = sdk.AuditTrailDataApi(http)
        self.banners = BannersVisibilityApi(http)
        self.connections = sdk.ActiveConnectionsApi(http)
        self.csp = sdk.CSPApi(http)
        self.dev_tools = AccessToDevToolsApi(http)
        self.logins = sdk.LoginHistoryApi(http)


@functools.cache
def owner():
    return Portal(API_KEY)


@functools.cache
def owner_id():
    return response(owner().profiles.get_self_profile()).id


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


BROWSER = urllib.request.build_opener(Stay(), urllib.request.ProxyHandler({}))
followed = set()


def query_of(link):
    """The query string of a confirm link, short ones resolved."""
    address = urllib.parse.urlsplit(link)
    if address.path.startswith("/s/"):
        try:
            BROWSER.open(BASE_URL + address.path)
            raise Mismatch(f"{link} does not lead on")
        except urllib.error.HTTPError as moved:
            expect("the status of a short link", moved.code, 302)
            address = urllib.parse.urlsplit(moved.headers["Location"])
    return address.query


def fields_of(query):
    return dict(urllib.parse.parse_qsl(query, strict_parsing=True))


def mailed(address, kind):
    """The query string of the newest link of this kind mailed to the address and not followed yet; waits for it."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        # A letter being written has a dot before its name.
        for file in sorted(OUTBOX.glob("[!.]*.eml"), reverse=True):
            letter = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            if address.lower() not in letter["To"].lower():
                continue
            text = letter.get_body(("plain",)).get_content()
            for link in re.findall(r"https?://\S+", text):
                if link in followed or not re.search(r"/s/|/confirm/", link):
                    continue
                query = query_of(link)
                if fields_of(query).get("type") == kind.value:
                    followed.add(link)
                    return query
        time.sleep(0.05)
    raise Mismatch(f"no letter to {address} with a link of type {kind.value}")


def sign_in(address, secret=SECRET):
    request = models.AuthRequestsDto(user_name=address, password=secret)
    return response(Portal().authentication.authenticate_me(request)).token


def member(name, kind=Type.USER, **more):
    """A new account, as its profile says it is."""
    request = models.MemberRequestDto(
        email=f"{name}@example.org", first_name=name.capitalize(), last_name="Tester", password=SECRET, type=kind,
        **more,
    )
    return response(owner().profiles.add_member(request))


def signed_in(person):
    return Portal(sign_in(person.email))


def ids(*people):
    return models.UpdateMembersRequestDto(user_ids=[getattr(each, "id", each) for each in people])


def ids_of(people):
    return {each.id for each in people}


def nothing(wrapper):
    """The envelope of an answer that has nothing to say."""
    expect("response", response(wrapper, count=0), None)


def terminate(*people):
    done = response(owner().statuses.update_user_status(Status.Terminated, ids(*people)))
    expect("status of the terminated", [each.status for each in done], [Status.Terminated] * len(people))


def completed(progress, person):
    """Polls a task about a person until it is over."""
    deadline = time.monotonic() + PATIENCE
    task = response(progress(person.id))
    while not task.is_completed and time.monotonic() < deadline:
        time.sleep(0.05)
        task = response(progress(person.id))
    expect("isCompleted, percentage, status, error",
           (task.is_completed, task.percentage, task.status, task.error),
           (True, 100, models.DistributedTaskStatus.Completed, ""))


def started(task):
    expect("error of a started task", task.error, "")
    expect("status of a started task", task.status, models.DistributedTaskStatus.Running)
    expect("isCompleted of a started task", task.is_completed, False)


def authentication():
    refused(UnauthorizedException, Portal().profiles.get_self_profile)
    expect("signed in", response(Portal().authentication.get_is_authentificated()), False)
    person = member("anna")
    portal = Portal(cookie=sign_in(person.email))
    expect("signed in", response(portal.authentication.get_is_authentificated()), True)
    nothing(portal.authentication.logout())
    expect("signed in after signing out", response(portal.authentication.get_is_authentificated()), False)

    expect("a code nobody asked for",
           refused(UnauthorizedException, Portal().authentication.authenticate_me_from_body_with_code, "123456",
                   models.AuthWithCodeRequestsDto(user_name=person.email, password=SECRET, code="123456")),
           "User authentication failed")
    credentials = models.AuthRequestsDto(user_name=person.email, password=SECRET)
    refused(ForbiddenException, Portal().authentication.send_sms_code, credentials)
    phone = models.MobileRequestsDto(mobile_phone="+15550100")
    refused(UnauthorizedException, Portal().authentication.save_mobile_phone, phone)

    claims = response(owner().profiles.get_claims())
    expect("the claims", "scope:*:write" in claims["claims"], True)


def check_confirmed(query, wanted=models.ValidationResult.Ok, address=None):
    """What the page behind a link asks first."""
    fields = fields_of(query)
    request = models.EmailValidationKeyModel(
        key=fields["key"], type=models.ConfirmType(fields["type"]), enc_email=fields.get("encemail"),
        ui_d=fields.get("uid"),
        empl_type=kind_of(fields.get("emplType")),
    )
    answer = response(Portal().authentication.check_confirm(request))
    expect("result", answer.result, wanted)
    expect("email", answer.email, address)
    return fields


def kind_of(number):
    return number and {"1": Type.ROOMADMIN, "2": Type.GUEST, "3": Type.DOCSPACEADMIN, "4": Type.USER}[number]


def letters():
    """All that needs a link out of a letter."""
    person = member("bert")
    expect("a member made by another",
           (person.status, person.activation_status, person.is_collaborator, person.created_by.id),
           (Status.Active, models.EmployeeActivationStatus.Pending, True, owner_id()))

    activation = mailed(person.email, models.ConfirmType.ACTIVATION)
    check_confirmed(activation, address=person.email)
    changed = response(Portal(link=activation).statuses.update_user_activation_status(
        models.EmployeeActivationStatus.Activated, ids(person)))
    expect("activated", [(each.id, each.activation_status) for each in changed],
           [(person.id, models.EmployeeActivationStatus.Activated)])
    refused(UnauthorizedException, Portal(link="type=Activation&key=1.A").statuses.update_user_activation_status,
            models.EmployeeActivationStatus.Activated, ids(person))

    forgotten = models.EmailMemberRequestDto(email=person.email)
    expect("the answer", response(Portal().password.send_user_password(forgotten)),
           f"If a user with the {person.email} email exists, the password change instruction has been sent to this"
           " email address.")
    reset = mailed(person.email, models.ConfirmType.PASSWORDCHANGE)
    check_confirmed(reset, address=person.email)
    again = models.ChangePasswordRequest(password=SECRET)
    expect("the same password", refused(BadRequestException, Portal(link=reset).password.change_user_password,
                                        person.id, again), "A new password must be used")
    other = models.ChangePasswordRequest(password="another-secret-9")
    expect("id", response(Portal(link=reset).password.change_user_password(person.id, other)).id, person.id)
    refused(UnauthorizedException, Portal().authentication.authenticate_me,
            models.AuthRequestsDto(user_name=person.email, password=SECRET))
    portal = Portal(sign_in(person.email, "another-secret-9"))

    change = models.UpdateMemberRequestDto(user_id=str(person.id), email="Bertram@example.org")
    expect("the answer", response(portal.email.send_email_change_instructions(change)),
           "The email change instructions have been successfully sent")
    link = mailed("bertram@example.org", models.ConfirmType.EMAILCHANGE)
    moved = response(Portal(link=link).email.change_user_email(
        person.id, models.ChangeEmailRequest(email="Bertram@example.org")))
    expect("the address", (moved.email, moved.activation_status),
           ("bertram@example.org", models.EmployeeActivationStatus.Activated))

    portal = Portal(sign_in("bertram@example.org", "another-secret-9"))
    expect("the answer", response(portal.data.send_instructions_to_delete()),
           "Instructions to disable your profile has been sent to <b>bertram@example.org</b> email address")
    refused(ForbiddenException, owner().data.send_instructions_to_delete)
    link = mailed("bertram@example.org", models.ConfirmType.PROFILEREMOVE)
    response(Portal(link=link).profiles.delete_profile())
    expect("status", response(owner().profiles.get_profile_by_user_id(str(person.id))).status, Status.Terminated)


def invitations():
    request = models.InviteUsersRequestDto(culture="en-US", invitations=[
        models.UserInvitationRequestDto(email="Clara@example.org", type=Type.ROOMADMIN)])
    invited = owner().profiles.invite_users(request)
    clara = next(each for each in response(invited, count=len(invited.response))
                 if each.display_name == "Clara@example.org")
    pending = response(owner().profiles.get_profile_by_email("clara@example.org"))
    expect("the invited", (pending.id, pending.status, pending.is_room_admin, pending.first_name),
           (clara.id, Status.Pending, True, ""))
    first = mailed("clara@example.org", models.ConfirmType.LINKINVITE)
    again = response(owner().profiles.resend_user_invites(ids(clara)))
    expect("invited again", [each.id for each in again], [clara.id])
    link = mailed("clara@example.org", models.ConfirmType.LINKINVITE)
    expect("the second letter has a link too", bool(first and link), True)

    fields = check_confirmed(link, address="Clara@example.org")
    exists = response(Portal(link=link).profiles.check_user_exists_by_email("clara@example.org"))
    expect("exists", (exists.exists, exists.status), (True, Status.Pending))
    exists = response(owner().profiles.check_user_exists_by_email("nobody@example.org"))
    expect("exists", (exists.exists, exists.status), (False, None))
    registration = models.MemberRequestDto(
        from_invite_link=True, key=fields["key"], email="Clara@example.org", first_name="Clara", last_name="Tester",
        password=SECRET, type=Type.ROOMADMIN, culture_name="en-US")
    joined = response(Portal(link=link).profiles.add_member(registration))
    expect("who joined", (joined.id, joined.display_name, joined.status, joined.is_room_admin),
           (clara.id, "Clara Tester", Status.Active, True))
    me = response(signed_in(joined).profiles.get_self_profile())
    expect("signed in as", me.id, clara.id)

    wrong = models.InviteUsersRequestDto(invitations=[
        models.UserInvitationRequestDto(email="dotless@host", type=Type.USER)])
    expect("the refusal", refused(BadRequestException, owner().profiles.invite_users, wrong), "Incorrect email")


def profiles():
    person = member("dora", location="Here", contacts=[models.Contact(type="phone", value="1")])
    expect("what was given", (person.location, person.contacts[0].value, person.user_name), ("Here", "1", "dora"))
    again = response(owner().profiles.get_profile_by_user_id("dora"))
    expect("by name", again.id, person.id)
    expect("by id", response(owner().profiles.get_profile_by_user_id(str(person.id))).email, person.email)
    expect("by email", response(owner().profiles.get_profile_by_email(email=person.email)).id, person.id)
    expect("the refusal", refused(NotFoundException, owner().profiles.get_profile_by_user_id, str(NOBODY)),
           "The user could not be found")
    taken = models.MemberRequestDto(email="DORA@example.org", first_name="Dora", type=Type.USER)
    expect("the refusal", refused(BadRequestException, owner().profiles.add_member, taken),
           "User with this email is already registered")

    portal = signed_in(person)
    change = models.UpdateMemberRequestDto(first_name="Dorothea", last_name="O'Neil", comment="A note")
    changed = response(portal.profiles.update_member(str(person.id), change))
    expect("what was changed", (changed.first_name, changed.display_name, changed.location, changed.notes),
           ("Dorothea", "Dorothea O&#39;Neil", "Here", "A note"))
    french = response(portal.profiles.update_member_culture(str(person.id), models.Culture(culture_name="fr")))
    expect("cultureName", french.culture_name, "fr")
    refused(BadRequestException, portal.profiles.update_member_culture, str(person.id),
            models.Culture(culture_name="xx"))
    refused(ForbiddenException, owner().profiles.update_member_culture, str(person.id),
            models.Culture(culture_name="de"))
    refused(ForbiddenException, portal.profiles.get_all_profiles)

    expect("the theme at first", response(portal.theme.get_portal_theme()).theme, models.DarkThemeSettingsType.SYSTEM)
    dark = models.DarkThemeSettingsRequestDto(theme=models.DarkThemeSettingsType.DARK)
    expect("the theme", response(portal.theme.change_portal_theme(dark)).theme, models.DarkThemeSettingsType.DARK)
    expect("the theme kept", response(portal.theme.get_portal_theme()).theme, models.DarkThemeSettingsType.DARK)
    expect("the theme of myself", response(portal.profiles.get_self_profile()).theme,
           models.DarkThemeSettingsType.DARK)

    def quota(value):
        # The client has a type of its own for one number or text.
        return models.UpdateMembersQuotaRequestDto(
            user_ids=[person.id], quota=models.UpdateMembersQuotaRequestDtoQuota(value))

    limited = response(owner().quota.update_user_quota(quota(1_000_000)))
    expect("whose quota", [each.id for each in limited], [person.id])
    custom = response(owner().search.search_users_by_extended_filter(quota_filter=models.QuotaFilter.Custom))
    expect("people with a quota of their own", [each.id for each in custom], [person.id])
    back = response(owner().quota.reset_users_quota(quota(-1)))
    expect("whose quota", [each.id for each in back], [person.id])
    response(owner().search.search_users_by_extended_filter(quota_filter=models.QuotaFilter.Custom), count=0)


def page(wrapper):
    """A page of a list, whose count is that of the page."""
    return response(wrapper, count=len(wrapper.response))


def searches():
    emil, ella = member("emil", Type.ROOMADMIN), member("ella")
    both = {emil.id, ella.id}
    group = response(owner().groups.add_group(models.GroupRequestDto(group_name="Searchers", members=[emil.id])))
    people = owner().search

    expect("all active", both <= ids_of(page(owner().profiles.get_all_profiles())), True)
    first = page(owner().profiles.get_all_profiles(count=1, start_index=1, sort_by="email",
                                                    sort_order=models.SortOrder.Descending))
    expect("a page of one", len(first), 1)
    for what, call, filters, wanted in (
        ("by word", people.search_users_by_extended_filter, {"filter_value": "em"}, {emil.id}),
        ("by type", people.search_users_by_extended_filter,
         {"filter_value": "emil|ella", "filter_separator": "|", "employee_type": Type.USER}, {ella.id}),
        ("of two words", people.search_users_by_extended_filter,
         {"filter_value": "emil|ella", "filter_separator": "|"}, both),
        ("of a group", people.search_users_by_extended_filter, {"group_id": group.id}, {emil.id}),
        ("free of charge", people.search_users_by_extended_filter,
         {"filter_value": "emil|ella", "filter_separator": "|", "payments": models.Payments.Free}, {ella.id}),
        ("guests", people.search_users_by_extended_filter,
         {"filter_value": "ella", "area": models.Area.Guests}, set()),
        ("simply", people.get_simple_by_filter, {"filter_value": "ella", "invited_by_me": True}, {ella.id}),
    ):
        expect(f"people {what}", ids_of(page(call(**filters))), wanted)
    expect("by query", ids_of(response(people.search_users_by_query("ella"))), {ella.id})
    expect("by query", ids_of(response(people.get_search("ella"))), {ella.id})
    expect("in a group", ids_of(response(
        people.get_search("tester", filter_by="group", filter_value=str(group.id)))), {emil.id})
    expect("by status and query", ids_of(response(people.search_users_by_status(Status.Active, query="ell"))),
           {ella.id})
    terminate(ella)
    expect("active or not", ids_of(page(owner().statuses.get_by_status(Status.Terminated, filter_value="ella"))),
           {ella.id})
    restored = response(owner().statuses.update_user_status(Status.Active, ids(ella)))
    expect("status", [(each.id, each.status) for each in restored], [(ella.id, Status.Active)])
    refused(BadRequestException, owner().statuses.update_user_status, Status.Pending, ids(ella))
    refused(ForbiddenException, owner().statuses.update_user_status, Status.Terminated, ids(owner_id()))


def shared():
    """Who and which groups have a room, which is a folder too."""
    finn = member("finn")
    group = response(owner().groups.add_group(models.GroupRequestDto(group_name="Finders", members=[finn.id])))
    request = models.CreateRoomRequestDto(title="Shared", room_type=models.RoomType.CustomRoom)
    room = response(owner().rooms.create_room(request))
    response(owner().rooms.set_room_security(room.id, models.RoomInvitationRequest(
        invitations=[models.RoomInvitation(id=finn.id, access=models.FileShare.Read)], notify=False)))

    for what, users, groups, both in (
        ("room", owner().search.get_users_with_room_shared,
         owner().group_search.get_groups_with_rooms_shared, owner().search.get_accounts_entries_with_rooms_shared),
        ("folder", owner().search.get_users_with_folders_shared,
         owner().group_search.get_groups_with_folders_shared,
         owner().search.get_accounts_entries_with_folders_shared),
    ):
        found = page(users(room.id, filter_value="finn"))
        expect(f"people of the {what}", [(each.id, each.shared) for each in found], [(finn.id, True)])
        response(users(room.id, filter_value="finn", exclude_shared=True), count=0)
        expect(f"others of the {what}", finn.id in ids_of(page(users(room.id, include_shared=True))), True)
        found = page(groups(room.id, filter_value="finders"))
        expect(f"groups of the {what}", [(each.id, each.shared) for each in found], [(group.id, False)])
        entries = page(both(room.id, filter_value="fin"))
        expect(f"accounts of the {what}", [each["id"] for each in entries], [str(group.id), str(finn.id)])
        refused(NotFoundException, users, NEVER_EXISTED)
        refused(NotFoundException, groups, NEVER_EXISTED)


def groups():
    gina, gus, greta = member("gina"), member("gus"), member("greta", Type.ROOMADMIN)
    portal = owner().groups

    def members_of(group):
        expect("membersCount", group.members_count, len(group.members))
        return ids_of(group.members)

    def some(*people):
        return models.MembersRequest(members=[each.id for each in people])

    group = response(portal.add_group(models.GroupRequestDto(
        group_name="Gardeners", group_manager=greta.id, members=[gina.id])))
    expect("the group", (group.name, group.manager.id, group.is_ldap, group.parent, group.category),
           ("Gardeners", greta.id, False, uuid.UUID(int=0), uuid.UUID(int=0)))
    expect("its members", members_of(group), {gina.id, greta.id})
    listed = page(portal.get_groups(filter_value="garden", user_id=gina.id))
    expect("listed", [(each.id, each.members, each.members_count) for each in listed], [(group.id, None, 2)])
    short = response(portal.get_group(group.id, include_members=False))
    expect("without members", (short.id, short.members), (group.id, None))
    summary = response(portal.get_group_by_user_id(gina.id))
    expect("the groups of one", [(each.id, each.manager) for each in summary], [(group.id, "greta")])

    renamed = response(portal.update_group(group.id, models.UpdateGroupRequest(
        group_name="Growers", members_to_add=[gus.id], members_to_remove=[gina.id])))
    expect("changed", (renamed.name, members_of(renamed)), ("Growers", {gus.id, greta.id}))
    expect("added", members_of(response(portal.add_members_to(group.id, some(gina)))), {gina.id, gus.id, greta.id})
    expect("removed", members_of(response(portal.remove_members_from(group.id, some(gus)))), {gina.id, greta.id})
    replaced = response(portal.set_members_to(group.id, some(gus, gina)))
    expect("replaced", members_of(replaced), {gus.id, gina.id})
    managed = response(portal.set_group_manager(group.id, models.SetManagerRequest(user_id=gus.id)))
    expect("manager", managed.manager.id, gus.id)
    refused(NotFoundException, portal.set_group_manager, group.id, models.SetManagerRequest(user_id=NOBODY))
    refused(ForbiddenException, signed_in(gina).groups.get_groups)

    target = response(portal.add_group(models.GroupRequestDto(group_name="Receivers")))
    expect("moved", members_of(response(portal.move_members_to(group.id, target.id))), {gus.id, gina.id})
    expect("left behind", response(portal.get_group(group.id)).members, [])

    # 204 has no body, so there is nothing for the client to read.
    expect("deleted", portal.delete_group_with_http_info(group.id).status_code, 204)
    expect("the refusal", refused(NotFoundException, portal.get_group, group.id), "The group could not be found")


def types():
    hans, heir = member("hans"), member("heir", Type.ROOMADMIN)
    up = response(owner().types.update_user_type(Type.ROOMADMIN, ids(hans)))
    expect("promoted", [(each.id, each.is_room_admin) for each in up], [(hans.id, True)])
    refused(ForbiddenException, owner().types.update_user_type, Type.ROOMADMIN, ids(hans))
    request = models.CreateRoomRequestDto(title="Of Hans", room_type=models.RoomType.CustomRoom)
    room = response(signed_in(hans).rooms.create_room(request))
    expect("reassignment needed", response(owner().data.necessary_reassign(user_id=hans.id, type=Type.USER)), True)

    down = models.StartUpdateUserTypeDto(type=Type.USER, user_id=hans.id, reassign_user_id=heir.id)
    started(response(owner().types.start_user_type_update(down)))
    completed(owner().types.get_user_type_update_progress, hans)
    expect("demoted", response(owner().profiles.get_profile_by_user_id(str(hans.id))).is_collaborator, True)
    expect("the room's owner", response(owner().rooms.get_room_info(room.id)).created_by.id, heir.id)
    expect("reassignment needed", response(owner().data.necessary_reassign(user_id=hans.id, type=Type.USER)), False)
    # Over or not there, a task can be asked to end.
    owner().types.terminate_user_type_update(models.TerminateRequestDto(user_id=hans.id))
    nothing(owner().types.get_user_type_update_progress(NOBODY))


def removal():
    ines, ivan, ilse, igor = (member(name, Type.ROOMADMIN) for name in ("ines", "ivan", "ilse", "igor"))
    request = models.CreateRoomRequestDto(title="Of Ines", room_type=models.RoomType.CustomRoom)
    room = response(signed_in(ines).rooms.create_room(request))

    expect("the refusal", refused(ForbiddenException, owner().profiles.delete_member, str(ines.id)),
           "The user is not suspended")
    reassign = models.StartReassignRequestDto(from_user_id=ines.id, to_user_id=ivan.id, delete_profile=False)
    refused(BadRequestException, owner().data.start_reassign, reassign)
    terminate(ines, ilse, igor)
    started(response(owner().data.start_reassign(reassign)))
    completed(owner().data.get_reassign_progress, ines)
    expect("the room's owner", response(owner().rooms.get_room_info(room.id)).created_by.id, ivan.id)
    owner().data.terminate_reassign(models.TerminateRequestDto(user_id=ines.id))
    nothing(owner().data.terminate_reassign(models.TerminateRequestDto(user_id=ivan.id)))

    started(response(owner().data.start_remove(models.TerminateRequestDto(user_id=ines.id))))
    completed(owner().data.get_remove_progress, ines)
    refused(NotFoundException, owner().profiles.get_profile_by_user_id, str(ines.id))
    refused(BadRequestException, owner().data.start_remove, models.TerminateRequestDto(user_id=ivan.id))
    # The client reads nothing of this reply.
    expect("no task to end", owner().data.terminate_remove(models.TerminateRequestDto(user_id=ivan.id)), None)

    gone = response(owner().profiles.delete_member(str(ilse.id)))
    expect("who is gone", (gone.id, gone.status, gone.is_room_admin), (ilse.id, Status.Terminated, True))
    gone = response(owner().profiles.remove_users(ids(igor, NOBODY)))
    expect("who is gone", [each.id for each in gone], [igor.id])
    refused(NotFoundException, owner().profiles.get_profile_by_user_id, str(igor.id))


def picture(width=40, height=30):
    """A PNG of one colour."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + b"\x20\x60\xc0" * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def photos():
    person = member("jana")
    mine, me = signed_in(person).photos, str(person.id)
    sizes = response(mine.get_member_photo(me))
    expect("the default", "default_user_photo_size_200-200.png" in sizes.max, True)

    file = ("me.png", picture())
    saved = response(mine.upload_member_photo(me, file, autosave=True))
    expect("the upload", (saved.success, sorted(saved.data)),
           (True, ["big", "main", "max", "medium", "retina", "small"]))
    expect("hasAvatar", response(owner().profiles.get_profile_by_user_id(me)).has_avatar, True)
    photo = response(owner().photos.get_member_photo(me))
    expect("the address", bool(re.search(rf"/{me}_size_48-48\.\w+\?hash=\d+$", photo.medium)), True)
    address = photo.medium if photo.medium.startswith("http") else BASE_URL + photo.medium
    with BROWSER.open(address) as served:
        expect("what is served", served.headers["Content-Type"].startswith("image/"), True)

    kept = response(mine.upload_member_photo(me, file, autosave=False))
    expect("the type of a photo not saved yet", (kept.success, type(kept.data)), (True, str))
    cut = models.ThumbnailsRequest(tmp_file=kept.data, x=0, y=0, width=20, height=20)
    cropped = response(mine.create_member_photo_thumbnails(me, cut))
    expect("the cut", bool(re.search(rf"/{me}_size_32-32\.", cropped.small)), True)
    refused(ForbiddenException, owner().photos.create_member_photo_thumbnails, me, cut)

    # What fails to upload is a success that says so.
    foreign = response(owner().photos.upload_member_photo(me, file, autosave=True))
    expect("somebody else's", (foreign.success, foreign.message), (False, "Security error."))
    text = response(mine.upload_member_photo(me, ("me.png", b""), autosave=True))
    expect("an empty file", (text.success, text.message), (False, "Unknown image file type"))

    expect("without an address", refused(BadRequestException, mine.update_member_photo, me,
                                         models.UpdatePhotoMemberRequest(files="")),
           "The uploaded file could not be found")
    refused(ForbiddenException, mine.update_member_photo, me,
            models.UpdatePhotoMemberRequest(files=BASE_URL + "/static/images/logo.png"))

    plain = response(mine.delete_member_photo(me))
    expect("the default again", "default_user_photo_size_200-200.png" in plain.max, True)
    expect("hasAvatar", response(owner().profiles.get_profile_by_user_id(me)).has_avatar, False)


def guests():
    karl = member("karl", Type.ROOMADMIN)
    request = models.CreateRoomRequestDto(title="With a guest", room_type=models.RoomType.CustomRoom)
    room = response(owner().rooms.create_room(request))
    response(owner().rooms.set_room_security(room.id, models.RoomInvitationRequest(
        invitations=[models.RoomInvitation(email="kuno@example.org", access=models.FileShare.Read)], notify=True)))
    link = mailed("kuno@example.org", models.ConfirmType.LINKINVITE)
    fields = fields_of(link)
    registration = models.MemberRequestDto(
        from_invite_link=True, key=fields["key"], email="kuno@example.org", first_name="Kuno", last_name="Tester",
        password=SECRET, type=Type.GUEST)
    kuno = response(Portal(link=link).profiles.add_member(registration))
    expect("a guest", (kuno.is_visitor, kuno.status), (True, Status.Active))

    search = signed_in(karl).search
    response(search.search_users_by_extended_filter(area=models.Area.Guests), count=0)
    share = query_of(response(owner().guest_links.get_guest_sharing_link(kuno.id)))
    expect("the type of the link", fields_of(share)["type"], "GuestShareLink")
    approving = Portal(sign_in(karl.email), link=share)
    approved = response(approving.guests.approve_guest_share_link(
        models.EmailMemberRequestDto(email="kuno@example.org")))
    expect("who was approved", approved.id, kuno.id)
    expect("the guests of Karl", ids_of(page(search.search_users_by_extended_filter(area=models.Area.Guests))),
           {kuno.id})
    # The client reads nothing of this reply.
    expect("removed from the list", signed_in(karl).guests.delete_guests(ids(kuno)), None)
    response(search.search_users_by_extended_filter(area=models.Area.Guests), count=0)
    refused(ForbiddenException, signed_in(karl).guests.delete_guests, ids(kuno))


def connections():
    person = member("lena")
    here, there = Portal(cookie=sign_in(person.email)), Portal(cookie=sign_in(person.email))
    sessions = response(here.connections.get_all_active_connections())
    expect("the current one first", sessions.items[0].id, sessions.login_event)
    expect("whose", {each.user_id for each in sessions.items}, {person.id})
    other = response(there.connections.get_all_active_connections()).login_event
    expect("both are there", {sessions.login_event, other} <= {each.id for each in sessions.items}, True)
    expect("logged out", response(here.connections.log_out_active_connection(other)), True)
    refused(UnauthorizedException, there.profiles.get_self_profile)
    expect("logged out", response(here.connections.log_out_active_connection(NEVER_EXISTED)), False)

    there = Portal(cookie=sign_in(person.email))
    expect("the name", response(here.connections.log_out_all_except_this_connection()), "Lena Tester")
    refused(UnauthorizedException, there.profiles.get_self_profile)
    expect("still here", response(here.profiles.get_self_profile()).id, person.id)

    link = response(here.connections.log_out_all_active_connections_change_password())
    expect("the link", fields_of(query_of(link))["type"], "PasswordChange")
    there = Portal(cookie=sign_in(person.email))
    # The client reads nothing of this reply.
    expect("logged out", owner().connections.log_out_all_active_connections_for_user(person.id), None)
    refused(UnauthorizedException, there.profiles.get_self_profile)
    refused(ForbiddenException, signed_in(person).connections.log_out_all_active_connections_for_user, owner_id())


def history():
    person = member("mona")
    sign_in(person.email)
    last = page(owner().logins.get_last_login_events())
    expect("the newest", (last[0].user_id, last[0].action_id),
           (person.id, models.MessageAction.LoginSuccessViaApi))
    # Of `from` and `to` the client sends the text of a Python object, of which no server can make sense.
    mine = page(owner().logins.get_login_events_by_filter(user_id=person.id, count=1))
    expect("of one", [each.user_id for each in mine], [person.id])
    expect("the address of a report", response(owner().logins.create_login_history_report()).startswith("http"), True)

    last = page(owner().audit.get_last_audit_events())
    expect("how many", len(last) <= 20, True)
    made = page(owner().audit.get_audit_events_by_filter(
        user_id=owner_id(), action_type=models.ActionType.Create, module_type=models.LocationType.Contacts))
    expect("all of one kind", {(each.user_id, each.action_type) for each in made},
           {(owner_id(), models.ActionType.Create)})
    expect("the address of a report", response(owner().audit.create_audit_trail_report()).startswith("http"), True)
    kinds = response(owner().audit.get_audit_trail_types())
    expect("kinds", sorted(kinds), ["actionTypes", "actions", "entryTypes", "moduleTypes", "productTypes"])
    # The client refuses to parse a list of events with a number it doesn't know.
    unknown = {name for name in kinds["actions"] if name not in models.MessageAction.__members__}
    expect("actions the client does not know", unknown, set())
    # The client expects one thing here, where the reference and we send a list.
    reply = owner().audit.get_audit_trail_mappers_without_preload_content(product_type=models.ProductType.Documents)
    mappers = json.loads(reply.read())["response"]
    expect("of one product", [each["productType"] for each in mappers], ["Documents"])
    succeeded.add("GET /api/2.0/security/audit/mappers")

    def lifetime(reply):
        # The client's model of the request has the name of that of the reply, and took its place.
        settings = json.loads(reply.raw_data)["response"]
        return settings["loginHistoryLifeTime"], settings["auditTrailLifeTime"]

    expect("days kept", lifetime(owner().audit.get_audit_settings_with_http_info()), (180, 180))
    change = models.TenantAuditSettingsWrapper(settings=models.TenantAuditSettings(
        login_history_life_time=30, audit_trail_life_time=60))
    expect("days kept", lifetime(owner().audit.set_audit_settings_with_http_info(change)), (30, 60))
    expect("days kept", lifetime(owner().audit.get_audit_settings_with_http_info()), (30, 60))
    refused(ForbiddenException, signed_in(person).audit.get_last_audit_events)


def settings():
    expect("domains", response(Portal().csp.get_csp_settings()).domains, [])
    allowed = response(owner().csp.configure_csp(models.CspRequestsDto(domains=["https://example.com"])))
    expect("domains", allowed.domains, ["https://example.com"])
    expect("the header", "https://example.com" in allowed.header, True)
    expect("domains kept", response(Portal().csp.get_csp_settings()).domains, ["https://example.com"])
    response(owner().csp.configure_csp(models.CspRequestsDto(domains=[])))

    for hidden in (True, False):
        request = models.TenantBannerSettingsDto(hidden=hidden)
        expect("hidden", response(owner().banners.set_tenant_banner_settings(request)).hidden, hidden)
    person = member("nils")
    key = models.CreateApiKeyRequestDto(name="Of Nils")
    for limited in (True, False):
        request = models.TenantDevToolsAccessSettingsDto(limited_access_for_users=limited)
        access = response(owner().dev_tools.set_tenant_dev_tools_access_settings(request))
        expect("limitedAccessForUsers", access.limited_access_for_users, limited)
        if limited:
            refused(ForbiddenException, signed_in(person).keys.create_api_key, key)
        else:
            expect("name", response(signed_in(person).keys.create_api_key(key)).name, "Of Nils")


def keys():
    """sdk.py looks closer; this keeps the list of operations whole."""
    expect("permissions", "*" in owner().keys.get_all_permissions().response, True)
    key = response(owner().keys.create_api_key(models.CreateApiKeyRequestDto(name="Passing")))
    expect("id", response(Portal(key.key).keys.get_api_key()).id, key.id)
    expect("listed", key.id in ids_of(response(owner().keys.get_api_keys())), True)
    expect("updated", response(owner().keys.update_api_key(key.id, models.UpdateApiKeyRequest(name="Past"))), True)
    expect("deleted", response(owner().keys.delete_api_key(key.id)), True)


def everything():
    """No operation of the client for these subjects was left out."""
    wanted = set()
    for subject in ("api_keys", "authentication", "group", "people", "security"):
        package = importlib.import_module(f"docspace_api_sdk.api.{subject}")
        wanted |= operations(f"{subject}.{module.name}" for module in pkgutil.iter_modules(package.__path__))
    expect("whether the client's operations were found", len(wanted) > 100, True)
    nothing_left_out(wanted, ONLY_REFUSED.__contains__)


if __name__ == "__main__":
    run(authentication, letters, invitations, profiles, searches, shared, groups, types, removal, photos, connections,
        guests, history, settings, keys, everything)
