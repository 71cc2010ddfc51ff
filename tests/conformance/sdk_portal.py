"""The official Python client, docspace-api-sdk, against us: plan, payments, limits on storage, modules.

As sdk_people.py, whose helpers it uses. Of the client's classes for these subjects every operation must be called that
we have.
"""

import json
import re
import uuid

from official import API_KEY, BASE_URL, Recorder, expect, nothing_left_out, operations, refused, response, run, succeeded
from sdk_people import member, owner_id, sign_in

import docspace_api_sdk as sdk
from docspace_api_sdk import models
from docspace_api_sdk.api.portal.quota_api import QuotaApi as PlanApi
from docspace_api_sdk.api.settings.quota_api import QuotaApi as LimitsApi
from docspace_api_sdk.exceptions import BadRequestException, ForbiddenException, NotFoundException

WHOLE_PORTAL = uuid.UUID(int=0)
ROOMS = uuid.UUID("e67be73d-f9ae-4ce1-8fec-1880cb518cb4")
ELSEWHERE = uuid.UUID("00000000-0000-4000-8000-000000000001")
SUBJECTS = ("portal.payment_api", "portal.quota_api", "settings.license_api", "settings.notifications_api",
            "settings.quota_api", "settings.security_api", "settings.statistics_api")
# What can only be refused here: nothing is paid.
ONLY_REFUSED = re.compile(r"(POST|PUT|DELETE) /api/2\.0/portal/payment/")


class Portal:
    """The client's API classes, signed in by a token."""

    def __init__(self, token):
        http = Recorder(sdk.Configuration(host=BASE_URL))
        http.set_default_header("Authorization", f"Bearer {token}")
        self.common = sdk.CommonSettingsApi(http)
        self.licence = sdk.LicenseApi(http)
        self.limits = LimitsApi(http)
        self.notifications = sdk.NotificationsApi(http)
        self.payments = sdk.PaymentApi(http)
        self.plan = PlanApi(http)
        self.rebranding = sdk.RebrandingApi(http)
        self.rooms = sdk.RoomsApi(http)
        self.security = sdk.SecurityApi(http)
        self.statistics = sdk.StatisticsApi(http)


OWNER = Portal(API_KEY)


def body(reply):
    """`response` of a reply that the client's model expects in another form than the reference and we send it."""
    return json.loads(reply.read())["response"]


def plan():
    raw = response(OWNER.plan.get_portal_quota())
    expect("flags", (raw.audit, raw.statistic, raw.branding, raw.trial, raw.free), (True, True, True, False, False))
    expect("counts", {raw.count_user, raw.count_room, raw.count_room_admin, raw.count_ai_agent}, {2**31 - 1})
    expect("the whole size", raw.max_total_size, 2**63 - 1)
    expect("a better plan", response(OWNER.plan.get_right_quota(), count=0), None)
    expect("gigabytes", response(OWNER.plan.get_portal_used_space()), 0)

    # Of the date without an end the client makes a date as good as any other.
    tariff = response(OWNER.plan.get_portal_tariff(refresh=True))
    expect("state", tariff.state, models.TariffState.Paid)
    shown = response(OWNER.payments.get_quota_payment_information())
    expect("the same plan", [part.id for part in tariff.quotas], [shown.id])
    by_id = {feature.id: feature for feature in shown.features}
    expect("no limits", {by_id[each].value for each in ("users", "manager", "room", "total_size")}, {-1})
    before = by_id["room"].used.value
    OWNER.rooms.create_room(models.CreateRoomRequestDto(title="Counted", room_type=models.RoomType.CustomRoom))
    shown = response(OWNER.payments.get_quota_payment_information(refresh=True))
    expect("rooms", [each.used.value for each in shown.features if each.id == "room"], [before + 1])
    guest = Portal(sign_in(member("udo", models.EmployeeType.USER).email))
    # The client can't read a tariff without its dates, which users aren't told.
    told = body(guest.plan.get_portal_tariff_without_preload_content())
    expect("the tariff for users", told, {"id": 0, "state": 1})
    refused(ForbiddenException, guest.plan.get_portal_quota)
    refused(ForbiddenException, guest.plan.get_portal_used_space)
    expect("whether a licence is asked for", response(OWNER.licence.get_is_license_required()), False)
    expect("the licence", response(OWNER.common.get_payment_settings()).current_license.trial, False)


def payments():
    expect("for sale", response(OWNER.payments.get_payment_quotas(), count=0), [])
    expect("prices", response(OWNER.payments.get_portal_prices()), {})
    expect("currencies", [each.iso_currency_symbol for each in response(OWNER.payments.get_payment_currencies())],
           [response(OWNER.payments.get_quota_payment_information()).price.iso_currency_symbol])
    customer = response(OWNER.payments.get_customer_info())
    expect("how it is paid", customer.payment_method_status, models.PaymentMethodStatus.None_)
    expect("the account", response(OWNER.payments.get_payment_account(), count=0), None)
    api = OWNER.payments
    for call, arguments in (
        (api.update_payment, [models.QuantityRequestDto(quantity={"admin": 5})]),
        (api.update_wallet_payment, [models.WalletQuantityRequestDto()]),
        (api.calculate_wallet_payment, [models.WalletQuantityRequestDto()]),
        (api.get_payment_url, [models.PaymentUrlRequestDto(back_url=BASE_URL, success_url=BASE_URL)]),
        (api.top_up_deposit, [models.TopUpDepositRequestDto(amount=10, currency="USD")]),
        (api.credit_ai_balance, [models.CreditAiBalanceRequestDto(amount=10, currency="USD")]),
        (api.set_tenant_wallet_settings, []),
        (api.change_tenant_wallet_service_state, [models.ChangeWalletServiceStateRequestDto(enabled=True)]),
        (api.send_payment_request, [models.SalesRequestsDto(email="ada@example.org", message="Hello")]),
        (api.create_customer_operations_report, []),
        (api.terminate_customer_operations_report, []),
        (api.set_restricted_ai_models, [models.SetRestrictedAiModelsRequestDto(models=["one"])]),
    ):
        expect("why", refused(ForbiddenException, call, *arguments).startswith("There is nothing to pay here"), True)


def limits():
    def limit(size, on=True):
        return models.QuotaSettingsRequestsDto(
            enable_quota=on, default_quota=models.QuotaSettingsRequestsDtoDefaultQuota(size))

    api = OWNER.limits
    whole = response(api.set_tenant_quota_settings(models.TenantQuotaSettingsRequestsDto(tenant_id=1, quota=5000)))
    expect("the whole", (whole.enable_quota, whole.quota), (True, 5000))
    room = response(api.save_room_quota_settings(limit(300)))
    expect("a room's", (room.enable_quota, room.default_quota), (True, 300))
    agent = response(api.save_ai_agent_quota_settings(limit(200, on=False)))
    expect("an agent's", (agent.enable_quota, agent.default_quota), (False, 200))
    refused(BadRequestException, api.save_room_quota_settings, limit(5001))
    shown = response(OWNER.payments.get_quota_payment_information())
    expect("shown", (shown.rooms_quota.default_quota, shown.ai_agents_quota.enable_quota), (300, False))
    expect("the whole", (shown.tenant_custom_quota.quota, shown.users_quota.default_quota), (5000, -2))
    expect("of accounts", response(api.get_user_quota_settings()).enable_quota, False)
    made = response(OWNER.rooms.create_room(
        models.CreateRoomRequestDto(title="Limited", room_type=models.RoomType.CustomRoom)))
    expect("a new room's", (made.quota_limit, made.is_custom_quota), (300, False))
    response(api.save_room_quota_settings(limit(300, on=False)))
    whole = response(api.set_tenant_quota_settings(models.TenantQuotaSettingsRequestsDto(tenant_id=1, quota=-1)))
    expect("the whole", (whole.enable_quota, whole.quota), (False, -1))
    refused(ForbiddenException, api.set_tenant_quota_settings,
            models.TenantQuotaSettingsRequestsDto(tenant_id=2, quota=1))

    places = response(OWNER.statistics.get_space_usage_statistics(ROOMS), count=2)
    expect("places", [(each.name, each.size) for each in places], [("Rooms", "0 bytes"), ("Archive", "0 bytes")])
    expect("elsewhere", response(OWNER.statistics.get_space_usage_statistics(ELSEWHERE), count=0), [])


def modules():
    api = OWNER.security
    expect("access", [(each.web_item_id, each.enabled) for each in response(api.get_web_item_settings_security_info())],
           [(str(ROOMS), True)])
    # Named modules it can't ask for: it wants a list of lists, and sends the text of a Python object.
    expect("open", response(api.get_web_item_security_info(ROOMS)), True)
    expect("elsewhere", response(api.get_web_item_security_info(ELSEWHERE)), False)
    # The client expects one thing here, where the reference and we send a list.
    expect("enabled", [each["id"] for each in body(api.get_enabled_modules_without_preload_content())], [str(ROOMS)])
    succeeded.add("GET /api/2.0/settings/security/modules")

    def access(module, enabled):
        return models.WebItemSecurityRequestsDto(id=str(module), enabled=enabled, subjects=[])

    expect("open", response(api.set_web_item_security(access(ROOMS, True)))[0].enabled, True)
    refused(ForbiddenException, api.set_web_item_security, access(ROOMS, False))
    refused(NotFoundException, api.set_web_item_security, access(ELSEWHERE, True))
    on = [models.ItemKeyValuePairStringBoolean(key=str(ROOMS), value=True)]
    expect("on", len(response(api.set_access_to_web_items(models.WebItemsSecurityRequestsDto(items=on)))), 1)

    person = member("vera", models.EmployeeType.USER)
    for administrator in (True, False):
        request = models.SecurityRequestsDto(
            product_id=WHOLE_PORTAL, user_id=person.id, administrator=administrator)
        expect("made", response(api.set_product_administrator(request)).administrator, administrator)
        asked = response(api.get_is_product_administrator(WHOLE_PORTAL, person.id))
        expect("is", (asked.user_id, asked.administrator), (uuid.UUID(str(person.id)), administrator))
        people = api.get_product_administrators(WHOLE_PORTAL).response
        expect("listed", (person.id in {each.id for each in people}, owner_id() in {each.id for each in people}),
               (administrator, True))
    refused(ForbiddenException, api.set_product_administrator,
            models.SecurityRequestsDto(product_id=ROOMS, user_id=person.id, administrator=True))
    other = Portal(sign_in(person.email))
    refused(ForbiddenException, other.security.get_product_administrators, WHOLE_PORTAL)

    rules = models.PasswordSettingsRequestsDto(min_length=9, upper_case=False, digits=False, spec_symbols=False)
    expect("a password's length", response(api.update_password_settings(rules)).min_length, 9)
    expect("a password's length", response(api.get_password_settings()).min_length, 9)


def facts():
    expect("the logo", response(OWNER.common.get_portal_logo()).startswith(BASE_URL), True)
    expect("the socket", response(OWNER.common.get_socket_settings()), {"url": "/socket.io"})
    expect("own logos", response(OWNER.rebranding.get_enable_whitelabel()), True)
    channels = response(OWNER.notifications.get_notification_channels()).channels
    expect("channels", [(each.name, each.is_enabled) for each in channels], [("Email", True)])
    badges = models.NotificationType.Badges
    request = models.NotificationSettingsRequestsDto(type=badges, is_enabled=False)
    expect("badges", response(OWNER.notifications.set_notification_settings(request)).is_enabled, False)
    expect("badges", response(OWNER.notifications.get_notification_settings(badges)).is_enabled, False)
    # The client reads the ids of muted rooms as objects, so none may be muted when it looks.
    room = response(OWNER.rooms.create_room(
        models.CreateRoomRequestDto(title="Heard", room_type=models.RoomType.CustomRoom))).id
    listen = models.RoomsNotificationsSettingsRequestDto(rooms_id=room, mute=False)
    for reply in (OWNER.notifications.set_rooms_notification_status(listen),
                  OWNER.notifications.get_rooms_notification_settings()):
        expect("muted", response(reply).disabled_rooms, [])


def everything():
    """No operation of the client for these subjects was left out."""
    wanted = operations(SUBJECTS)
    expect("whether the client's operations were found", len(wanted) > 30, True)
    nothing_left_out(wanted, ONLY_REFUSED.match)


if __name__ == "__main__":
    run(plan, payments, limits, modules, facts, everything)
