//! Every action the log knows, in one table: its number, the reference's name, where it belongs, and what people read.
//!
//! Numbers and names are those of the reference's description (foundation.md §4.9). There are none of our own: its clients
//! refuse a list with a number they don't know.

use super::kinds::{ActionType, EntryType, Location, Product};

/// An action.
#[derive(Debug, Clone, Copy)]
pub struct Action {
    /// Its number, as in the log.
    pub id: i64,
    /// Its name.
    pub name: &'static str,
    /// The product it belongs to.
    pub product: Product,
    /// The part of the product.
    pub location: Location,
    /// What kind of change it is.
    pub kind: ActionType,
    /// What it is done to.
    pub entry: EntryType,
    /// What people read.
    pub text: &'static str,
}

macro_rules! actions {
    ($($id:literal $name:ident $product:ident $location:ident $kind:ident $entry:ident $text:literal;)*) => {
        /// Every action, by number.
        pub const ACTIONS: &[Action] = &[$(Action {
            id: $id,
            name: stringify!($name),
            product: Product::$product,
            location: Location::$location,
            kind: ActionType::$kind,
            entry: EntryType::$entry,
            text: $text,
        },)*];
    };
}

/// The action of this number.
pub fn action(id: i64) -> Option<&'static Action> {
    ACTIONS.binary_search_by_key(&id, |action| action.id).ok().and_then(|at| ACTIONS.get(at))
}

/// The action of this name or number.
pub fn named(text: &str) -> Option<&'static Action> {
    let by_number = text.trim().parse().ok().and_then(action);
    by_number.or_else(|| ACTIONS.iter().find(|action| action.name.eq_ignore_ascii_case(text.trim())))
}

// The columns: number, name, product, location, kind, entry, text.
actions! {
    1000 LoginSuccess Login None None None "Login success";
    1001 LoginSuccessViaSocialAccount Login None None None "Login success via social account";
    1002 LoginFailInvalidCombination Login None None None "Login fail invalid combination";
    1003 LoginFailSocialAccountNotFound Login None None None "Login fail social account not found";
    1004 LoginFailDisabledProfile Login None None None "Login fail disabled profile";
    1005 LoginFail Login None None None "Login fail";
    1006 Logout Login None Logout None "Logout";
    1007 LoginSuccessViaSms Login None None None "Login success via sms";
    1008 LoginFailViaSms Login None None None "Login fail via sms";
    1009 LoginFailIpSecurity Login None None None "Login fail ip security";
    1010 LoginSuccessViaApi Login None None None "Login success via api";
    1011 LoginSuccessViaSocialApp Login None None None "Login success via social app";
    1012 LoginSuccessViaApiSms Login None None None "Login success via api sms";
    1013 LoginFailViaApi Login None None None "Login fail via api";
    1014 LoginFailViaApiSms Login None None None "Login fail via api sms";
    1015 LoginSuccessViaSSO Login None None None "Login success via SSO";
    1016 SessionStarted Login None None None "Session started";
    1017 SessionCompleted Login None None None "Session completed";
    1018 LoginFailViaSSO Login None None None "Login fail via SSO";
    1019 LoginSuccessViaApiSocialAccount Login None None None "Login success via api social account";
    1020 LoginFailViaApiSocialAccount Login None None None "Login fail via api social account";
    1021 LoginSuccesViaTfaApp Login None None None "Login succes via tfa app";
    1022 LoginFailViaTfaApp Login None None None "Login fail via Tfa app";
    1023 LoginFailBruteForce Login None None None "Login fail brute force";
    1024 LoginSuccessViaApiTfa Login None None None "Login success via api tfa";
    1025 LoginFailViaApiTfa Login None None None "Login fail via api tfa";
    1026 LoginFailRecaptcha Login None None None "Login fail recaptcha";
    1027 AuthLinkActivated Login None None None "Authorization link activated";
    1028 LoginSuccessViaOAuth Login None None None "Login success via OAuth 2.0";
    1029 LoginSuccessViaPassword Login None None None "Login success via login and password";
    4000 UserCreated Contacts Contacts Create User "User created";
    4001 GuestCreated Contacts Contacts Create User "Guest created";
    4002 UserCreatedViaInvite Contacts Contacts Create User "User created via invite";
    4003 GuestCreatedViaInvite Contacts Contacts Create User "Guest created via invite";
    4004 UserActivated Contacts Contacts Update User "User activated";
    4005 GuestActivated Contacts Contacts Update User "Guest activated";
    4006 UserUpdated Contacts Contacts Update User "User updated";
    4007 UserUpdatedLanguage Contacts Contacts Update User "User updated language";
    4008 UserAddedAvatar Contacts Contacts Create User "User added avatar";
    4009 UserDeletedAvatar Contacts Contacts Delete User "User deleted avatar";
    4010 UserUpdatedAvatarThumbnails Contacts Contacts Update User "User updated avatar thumbnails";
    4011 UserLinkedSocialAccount Contacts Contacts Link User "User linked social account";
    4012 UserUnlinkedSocialAccount Contacts Contacts Unlink User "User unlinked social account";
    4013 UserSentActivationInstructions Contacts Contacts Send User "User sent activation instructions";
    4014 UserSentEmailChangeInstructions Contacts Contacts Send User "User sent email change instructions";
    4015 UserSentPasswordChangeInstructions Contacts Contacts Send User "User sent password change instructions";
    4016 UserSentDeleteInstructions Contacts Contacts Send User "User sent delete instructions";
    4017 UserUpdatedPassword Contacts Contacts Update User "User updated password";
    4018 UserDeleted Contacts Contacts Delete User "User deleted";
    4019 UsersUpdatedType Contacts Contacts Update User "Users updated type";
    4020 UsersUpdatedStatus Contacts Contacts Update User "Users updated status";
    4021 UsersSentActivationInstructions Contacts Contacts Send User "Users sent activation instructions";
    4022 UsersDeleted Contacts Contacts Delete User "Users deleted";
    4023 SentInviteInstructions Contacts Contacts Send User "Sent invite instructions";
    4024 UserImported Contacts Contacts Import User "User imported";
    4025 GuestImported Contacts Contacts Import User "Guest imported";
    4026 GroupCreated Contacts Contacts Create Group "Group created";
    4027 GroupUpdated Contacts Contacts Update Group "Group updated";
    4028 GroupDeleted Contacts Contacts Delete Group "Group deleted";
    4029 UserUpdatedMobileNumber Contacts Contacts Update User "User updated mobile number";
    4030 UserDataReassigns Contacts Contacts Reassigns User "User data reassigns";
    4031 UserDataRemoving Contacts Contacts Update User "User data removing";
    4032 UserConnectedTfaApp Contacts Contacts Link User "User connected tfa app";
    4033 UserDisconnectedTfaApp Contacts Contacts Unlink User "User disconnected tfa app";
    4034 UserLogoutActiveConnections Contacts Contacts Logout User "User logout active connections";
    4035 UserLogoutActiveConnection Contacts Contacts Logout User "User logout active connection";
    4036 UserLogoutActiveConnectionsForUser Contacts Contacts Logout User "User logout active connections for user";
    4037 SendJoinInvite Contacts Contacts Send User "Send join invite";
    5000 FileCreated Documents Files Create File "File created";
    5001 FileRenamed Documents Files Update File "File renamed";
    5002 FileUpdated Documents Files Update File "File updated";
    5003 FileCreatedVersion Documents Files Create File "File created version";
    5004 FileDeletedVersion Documents Files Delete File "File deleted version";
    5005 FileUpdatedRevisionComment Documents Files Update File "File updated revision comment";
    5006 FileLocked Documents Files Update File "File locked";
    5007 FileUnlocked Documents Files Update File "File unlocked";
    5008 FileUpdatedAccess Documents Files UpdateAccess File "File updated access";
    5009 FileDownloaded Documents Files Download File "File downloaded";
    5010 FileDownloadedAs Documents Files Download File "File downloaded as";
    5011 FileUploaded Documents Files Upload File "File uploaded";
    5012 FileImported Documents Files Import File "File imported";
    5013 FileCopied Documents Files Copy File "File copied";
    5014 FileCopiedWithOverwriting Documents Files Copy File "File copied with overwriting";
    5015 FileMoved Documents Files Move File "File moved";
    5016 FileMovedWithOverwriting Documents Files Move File "File moved with overwriting";
    5017 FileMovedToTrash Documents Files Delete File "File moved to trash";
    5018 FileDeleted Documents Files Delete File "File deleted";
    5019 FolderCreated Documents Folders Create Folder "Folder created";
    5020 FolderRenamed Documents Folders Update Folder "Folder renamed";
    5021 FolderUpdatedAccess Documents Folders UpdateAccess Folder "Folder updated access";
    5022 FolderCopied Documents Folders Copy Folder "Folder copied";
    5023 FolderCopiedWithOverwriting Documents Folders Copy Folder "Folder copied with overwriting";
    5024 FolderMoved Documents Folders Move Folder "Folder moved";
    5025 FolderMovedWithOverwriting Documents Folders Move Folder "Folder moved with overwriting";
    5026 FolderMovedToTrash Documents Folders Delete Folder "Folder moved to trash";
    5027 FolderDeleted Documents Folders Delete Folder "Folder deleted";
    5028 ThirdPartyCreated Documents DocumentsSettings Create None "ThirdParty created";
    5029 ThirdPartyUpdated Documents DocumentsSettings Update None "ThirdParty updated";
    5030 ThirdPartyDeleted Documents DocumentsSettings Delete None "ThirdParty deleted";
    5031 DocumentsThirdPartySettingsUpdated Documents DocumentsSettings Update None "Documents ThirdParty settings updated";
    5032 DocumentsOverwritingSettingsUpdated Documents DocumentsSettings Update None "Documents overwriting settings updated";
    5033 DocumentsUploadingFormatsSettingsUpdated Documents DocumentsSettings Update None "Documents uploading formats settings updated";
    5034 UserFileUpdated Documents Files Update File "User file updated";
    5035 FileConverted Documents Files Update File "File converted";
    5036 FileSendAccessLink Documents Files Send File "File send access link";
    5037 DocumentServiceLocationSetting Documents DocumentsSettings Update None "Document service location setting";
    5038 AuthorizationKeysSetting Settings Settings Update None "Authorization keys setting";
    5039 FullTextSearchSetting Settings Settings Update None "Full text search setting";
    5040 StartTransferSetting Settings Settings Update None "Start transfer setting";
    5041 BackupStarted Settings Settings Update None "Backup started";
    5042 LicenseKeyUploaded Settings Settings Upload None "License key uploaded";
    5043 FileChangeOwner Documents Files Update File "File change owner";
    5044 FileRestoreVersion Documents Files Update File "File restore version";
    5045 DocumentSendToSign Documents Files Send File "Document send to sign";
    5046 DocumentSignComplete Documents Files Update File "Document sign complete";
    5047 UserUpdatedEmail Contacts Contacts Update User "User updated email";
    5048 DocumentsStoreForcesave Documents DocumentsSettings Update None "Documents store forcesave";
    5049 DocumentsForcesave Documents DocumentsSettings Update None "Documents forcesave";
    5050 StartStorageEncryption Settings Settings Update None "Start storage encryption";
    5051 PrivacyRoomEnable Documents DocumentsSettings Update None "Privacy room enable";
    5052 PrivacyRoomDisable Documents DocumentsSettings Update None "Privacy room disable";
    5053 StartStorageDecryption Settings Settings Update None "Start storage decryption";
    5054 FileOpenedForChange Documents Files Update File "File opened for change";
    5055 FileMarkedAsFavorite Documents Files Update File "File marked as favorite";
    5056 FileRemovedFromFavorite Documents Files Delete File "File removed from favorite";
    5057 FolderDownloaded Documents Folders Download Folder "Folder downloaded";
    5058 FileRemovedFromList Documents Files Delete File "File removed from list";
    5059 FolderRemovedFromList Documents Folders Delete Folder "Folder removed from list";
    5060 FileExternalLinkAccessUpdated Documents Files UpdateAccess File "File external link access updated";
    5061 TrashEmptied Documents Files Delete File "Trash emptied";
    5062 FileRevisionDownloaded Documents Files Download File "File revision downloaded";
    5063 FileMarkedAsRead Documents Files Update File "File marked as read";
    5064 FileReaded Documents Files Update File "File readed";
    5065 FolderMarkedAsRead Documents Folders Update Folder "Folder marked as read";
    5066 FolderUpdatedAccessFor Documents Folders UpdateAccess Folder "Folder updated access for";
    5068 FileUpdatedAccessFor Documents Files UpdateAccess File "File updated access for";
    5069 DocumentsExternalShareSettingsUpdated Documents DocumentsSettings Update None "Documents external share settings updated";
    5070 RoomCreated Documents Rooms Create Room "Room created";
    5071 RoomRenamed Documents Rooms Update Room "Room renamed";
    5072 RoomArchived Documents Rooms Update Room "Room archived";
    5073 RoomUnarchived Documents Rooms Update Room "Room unarchived";
    5074 RoomDeleted Documents Rooms Delete Room "Room deleted";
    5075 RoomUpdateAccessForUser Documents Rooms UpdateAccess Room "Room update access for user";
    5076 TagCreated Documents Rooms Create Tag "Tag created";
    5077 TagsDeleted Documents Rooms Delete Tag "Tags deleted";
    5078 AddedRoomTags Documents Rooms Create Room "Added room tags";
    5079 DeletedRoomTags Documents Rooms Delete Room "Deleted room tags";
    5080 RoomLogoCreated Documents Rooms Create Room "Room logo created";
    5081 RoomLogoDeleted Documents Rooms Delete Room "Room logo deleted";
    5082 RoomInvitationLinkUpdated Documents Rooms Update Room "Room invitation link updated";
    5083 DocumentsKeepNewFileNameSettingsUpdated Documents DocumentsSettings Update None "Documents keep new file name settings updated";
    5084 RoomRemoveUser Documents Rooms Delete Room "Room remove user";
    5085 RoomCreateUser Documents Rooms Create Room "Room create user";
    5086 RoomInvitationLinkCreated Documents Rooms Create Room "Room invitation link created";
    5087 RoomInvitationLinkDeleted Documents Rooms Delete Room "Room invitation link deleted";
    5088 RoomExternalLinkCreated Documents Rooms Create Room "Room external link created";
    5089 RoomExternalLinkUpdated Documents Rooms Update Room "Room external link updated";
    5090 RoomExternalLinkDeleted Documents Rooms Delete Room "Room external link deleted";
    5091 FileExternalLinkCreated Documents Files Create File "File external link created";
    5092 FileExternalLinkUpdated Documents Files Update File "File external link updated";
    5093 FileExternalLinkDeleted Documents Files Delete File "File external link deleted";
    5094 RoomGroupAdded Documents Rooms Create Room "Room group added";
    5095 RoomUpdateAccessForGroup Documents Rooms UpdateAccess Room "Room update access for group";
    5096 RoomGroupRemove Documents Rooms Delete Room "Room group remove";
    5097 RoomExternalLinkRevoked Documents Rooms Update Room "Room external link revoked";
    5098 RoomExternalLinkRenamed Documents Rooms Update Room "Room external link renamed";
    5099 FileUploadedWithOverwriting Documents Files Upload File "File uploaded with overwriting";
    5100 RoomCopied Documents Rooms Copy Room "Room copied";
    5101 DocumentsDisplayFileExtensionUpdated Documents DocumentsSettings Update None "Documents display file extension updated";
    5102 RoomColorChanged Documents Rooms Update Room "Room color changed";
    5103 RoomCoverChanged Documents Rooms Update Room "Room cover changed";
    5104 RoomIndexingChanged Documents Rooms Update Room "Room indexing changed";
    5105 RoomDenyDownloadChanged Documents Rooms Update Room "Room deny download changed";
    5106 RoomIndexExportSaved Documents Rooms Export Room "Room index export saved";
    5107 FolderIndexChanged Documents Folders Update Folder "Folder index changed";
    5108 FolderIndexReordered Documents Folders Update Folder "Folder index reordered";
    5109 RoomDenyDownloadEnabled Documents Rooms Update Room "Room deny download enabled";
    5110 RoomDenyDownloadDisabled Documents Rooms Update Room "Room deny download disabled";
    5111 FileIndexChanged Documents Files Update File "File index changed";
    5112 RoomWatermarkSet Documents Rooms Update Room "Room watermark set";
    5113 RoomWatermarkDisabled Documents Rooms Update Room "Room watermark disabled";
    5114 RoomIndexingEnabled Documents Rooms Update Room "Room indexing enabled";
    5115 RoomIndexingDisabled Documents Rooms Update Room "Room indexing disabled";
    5116 RoomLifeTimeSet Documents Rooms Update Room "Room life time set";
    5117 RoomLifeTimeDisabled Documents Rooms Update Room "Room life time disabled";
    5118 RoomInviteResend Documents Rooms Update Room "Room invite resend";
    5119 FileVersionRemoved Documents Files Delete File "File version deleted";
    5120 FileCustomFilterEnabled Documents Files Update File "File custom filter enabled";
    5121 FileCustomFilterDisabled Documents Files Update File "File custom filter disabled";
    5122 FolderExternalLinkCreated Documents Folders Create Folder "Folder external link created";
    5123 FolderExternalLinkUpdated Documents Folders Update Folder "Folder external link updated";
    5124 FolderExternalLinkDeleted Documents Folders Delete Folder "Folder external link deleted";
    5125 BackupCompleted Settings Settings Update None "Backup completed";
    5126 BackupFailed Settings Settings Update None "Backup failed";
    5127 ScheduledBackupStarted Settings Settings Update None "Scheduled backup started";
    5128 ScheduledBackupCompleted Settings Settings Update None "Scheduled backup completed";
    5129 ScheduledBackupFailed Settings Settings Update None "Scheduled backup failed";
    5130 ScheduledBackupDeleted Settings Settings Delete None "Scheduled backup deleted";
    5131 BackupCancelled Settings Settings Update None "Backup cancelled";
    5132 RestoreStarted Settings Settings Update None "Restore started";
    5133 RestoreCancelled Settings Settings Update None "Restore cancelled";
    5150 FormStartedToFill Documents Files Update File "Form started to fill";
    5151 FormPartiallyFilled Documents Files Update File "Form partially filled";
    5152 FormCompletelyFilled Documents Files Update File "Form completely filled";
    5153 FormStopped Documents Files Update File "Form stopped";
    5154 AgentCreated Documents Agents Create Agent "AI agent created";
    5155 AgentRenamed Documents Agents Update Agent "AI agent renamed";
    5156 AgentDeleted Documents Agents Delete Agent "AI agent deleted";
    5157 AddedServerToAgent Documents Agents Create Agent "MCP server added to AI agent";
    5158 DeletedServerFromAgent Documents Agents Delete Agent "MCP server deleted from AI agent";
    5159 RoomChangeOwner Documents Rooms Update Room "Room change owner";
    5160 DocumentsDefaultTemplatesSettingsUpdated Documents DocumentsSettings Update None "Documents default templates settings updated";
    5201 FileSavedButUserQuotaExceeded Documents Files Update File "File saved, user quota exceeded";
    5202 FileNotSavedDueToUserQuota Documents Files Update File "File not saved due to user quota exceeded";
    5203 FileSavedButRoomQuotaExceeded Documents Files Update File "File saved, room quota exceeded";
    5204 FileNotSavedDueToRoomQuota Documents Files Update File "File not saved due to room quota exceeded";
    5501 LdapEnabled Settings Settings Update None "Ldap enabled";
    5502 LdapDisabled Settings Settings Update None "Ldap disabled";
    5503 LdapSync Settings Settings Update None "LDAP synchronization completed";
    6000 LanguageSettingsUpdated Settings Settings Update None "Language settings updated";
    6001 TimeZoneSettingsUpdated Settings Settings Update None "Time zone settings updated";
    6002 DnsSettingsUpdated Settings Settings Update None "Dns settings updated";
    6003 TrustedMailDomainSettingsUpdated Settings Settings Update None "Trusted mail domain settings updated";
    6004 PasswordStrengthSettingsUpdated Settings Settings Update None "Password strength settings updated";
    6005 TwoFactorAuthenticationSettingsUpdated Settings Settings Update None "Two factor authentication settings updated";
    6006 AdministratorMessageSettingsUpdated Settings Settings Update None "Administrator message settings updated";
    6007 DefaultStartPageSettingsUpdated Settings Settings Update None "Default start page settings updated";
    6008 ProductsListUpdated Settings Settings Update None "Products list updated";
    6009 AdministratorAdded Settings Settings Create User "Administrator added";
    6010 AdministratorOpenedFullAccess Settings Settings Update None "Administrator opened full access";
    6011 AdministratorDeleted Settings Settings Delete User "Administrator deleted";
    6012 UsersOpenedProductAccess Settings Settings Update None "Users opened product access";
    6013 GroupsOpenedProductAccess Settings Settings Update None "Groups opened product access";
    6014 ProductAccessOpened Settings Settings Update None "Product access opened";
    6015 ProductAccessRestricted Settings Settings Update None "Product access restricted";
    6016 ProductAddedAdministrator Settings Settings Create None "Product added administrator";
    6017 ProductDeletedAdministrator Settings Settings Delete None "Product deleted administrator";
    6018 GreetingSettingsUpdated Settings Settings Update None "Greeting settings updated";
    6019 TeamTemplateChanged Settings Settings Update None "Team template changed";
    6020 ColorThemeChanged Settings Settings Update None "Color theme changed";
    6021 OwnerSentChangeOwnerInstructions Settings Settings Send None "Owner sent change owner instructions";
    6022 OwnerUpdated Settings Settings Update User "Owner updated";
    6023 OwnerSentPortalDeactivationInstructions Settings Settings Send None "Owner sent portal deactivation instructions";
    6024 OwnerSentPortalDeleteInstructions Settings Settings Send None "Owner sent portal delete instructions";
    6025 PortalDeactivated Settings Settings Update None "Portal deactivated";
    6026 PortalDeleted Settings Settings Delete None "Portal deleted";
    6027 LoginHistoryReportDownloaded Settings Settings Download None "Login history report downloaded";
    6028 AuditTrailReportDownloaded Settings Settings Download None "Audit trail report downloaded";
    6029 SSOEnabled Settings Settings Update None "SSO enabled";
    6030 SSODisabled Settings Settings Update None "SSO disabled";
    6031 PortalAccessSettingsUpdated Settings Settings Update None "Portal access settings updated";
    6032 CookieSettingsUpdated Settings Settings Update None "Cookie settings updated";
    6033 MailServiceSettingsUpdated Settings Settings Update None "Mail service settings updated";
    6034 CustomNavigationSettingsUpdated Settings Settings Update None "Custom navigation settings updated";
    6035 AuditSettingsUpdated Settings Settings Update None "Audit settings updated";
    6036 TwoFactorAuthenticationDisabled Settings Settings Update None "Two factor authentication disabled";
    6037 TwoFactorAuthenticationEnabledBySms Settings Settings Update None "Two factor authentication enabled by sms";
    6038 TwoFactorAuthenticationEnabledByTfaApp Settings Settings Update None "Two factor authentication enabled by tfa app";
    6039 PortalRenamed Settings Settings Update None "Portal renamed";
    6040 QuotaPerRoomChanged Settings Settings Update None "Quota per room changed";
    6041 QuotaPerRoomDisabled Settings Settings Update None "Quota per room disabled";
    6042 QuotaPerUserChanged Settings Settings Update None "Quota per user changed";
    6043 QuotaPerUserDisabled Settings Settings Update None "Quota per user disabled";
    6044 QuotaPerPortalChanged Settings Settings Update None "Quota per portal changed";
    6045 QuotaPerPortalDisabled Settings Settings Update None "Quota per portal disabled";
    6046 FormSubmit Documents Files Update File "Form submit";
    6047 FormOpenedForFilling Documents Files Update File "Form opened for filling";
    6048 CustomQuotaPerRoomDefault Settings Settings Update None "Custom quota per room default";
    6049 CustomQuotaPerRoomChanged Settings Settings Update None "Custom quota per room changed";
    6050 CustomQuotaPerRoomDisabled Settings Settings Update None "Custom quota per room disabled";
    6051 CustomQuotaPerUserDefault Settings Settings Update None "Custom quota per user default";
    6052 CustomQuotaPerUserChanged Settings Settings Update None "Custom quota per user changed";
    6053 CustomQuotaPerUserDisabled Settings Settings Update None "Custom quota per user disabled";
    6054 DevToolsAccessSettingsChanged Settings Settings Update None "DevTools access settings changed";
    6055 WebhookCreated Settings Settings Create None "Webhook created";
    6056 WebhookUpdated Settings Settings Update None "Webhook updated";
    6057 WebhookDeleted Settings Settings Delete None "Webhook deleted";
    6058 ApiKeyCreated Settings Settings Create None "Created api key";
    6059 ApiKeyUpdated Settings Settings Update None "Update api key";
    6060 ApiKeyDeleted Settings Settings Delete None "Deleted User api key";
    6061 CustomerWalletToppedUp Settings Settings Update None "Customer wallet topped up";
    6062 CustomerOperationPerformed Settings Settings Update None "Customer operation performed";
    6063 CustomerOperationsReportDownloaded Settings Settings Download None "Customer operations report downloaded";
    6064 CustomerWalletTopUpSettingsUpdated Settings Settings Update None "Customer wallet top up settings updated";
    6065 CustomerSubscriptionUpdated Settings Settings Update None "Customer subscription updated";
    6066 BannerSettingsChanged Settings Settings Update None "Promotional banners visibility settings changed";
    6067 CustomerWalletServicesSettingsUpdated Settings Settings Update None "Customer wallet services settings updated";
    6068 QuotaPerAiAgentChanged Settings Settings Update None "Quota per AI agent changed";
    6069 QuotaPerAiAgentDisabled Settings Settings Update None "Quota per AI agent disabled";
    6070 CustomQuotaPerAiAgentDefault Settings Settings Update None "Custom quota per AI agent default";
    6071 CustomQuotaPerAiAgentChanged Settings Settings Update None "Custom quota per AI agent changed";
    6072 CustomQuotaPerAiAgentDisabled Settings Settings Update None "Custom quota per AI agent disabled";
    6073 AIProviderCreated Settings Settings Create None "AI provider created";
    6074 AIProviderUpdated Settings Settings Update None "AI provider updated";
    6075 AIProviderDeleted Settings Settings Delete None "AI provider deleted";
    6076 ServerCreated Settings Settings Create None "MCP server created";
    6077 ServerUpdated Settings Settings Update None "MCP server updated";
    6078 ServerEnabled Settings Settings Update None "MCP server enabled";
    6079 ServerDisabled Settings Settings Update None "MCP server disabled";
    6080 ServerDeleted Settings Settings Delete None "MCP server deleted";
    6081 SetWebSearchSettings Settings Settings Update None "WebSearch settings configured";
    6082 ResetWebSearchSettings Settings Settings Update None "WebSearch settings reset";
    6083 SetVectorizationSettings Settings Settings Update None "Vectorization settings configured";
    6084 ResetVectorizationSettings Settings Settings Update None "Vectorization settings reset";
    6085 WebpluginUploaded Settings Settings Upload None "Webplugin uploaded";
    6086 WebpluginUpdated Settings Settings Update None "Webplugin updated";
    6087 WebpluginDeleted Settings Settings Delete None "Webplugin deleted";
    6088 WhiteLabelSettingsLogoTextUpdated Settings Settings Update None "Whitelabel settings logo text updated";
    6089 WhiteLabelSettingsLogosUpdated Settings Settings Update None "Whitelabel settings logos updated";
    6090 WhiteLabelCompanySettingsUpdated Settings Settings Update None "Whitelabel company settings updated";
    6091 WhiteLabelAdditionalSettingsUpdated Settings Settings Update None "Whitelabel additional settings updated";
    6092 WhiteLabelMailSettingsUpdated Settings Settings Update None "Whitelabel mail settings updated";
    6093 InvitationSettingsUpdated Settings Settings Update None "Invitation settings updated";
    6094 IPRestrictionsSettingsUpdated Settings Settings Update None "IP restrictions settings updated";
    6095 LoginSettingsUpdated Settings Settings Update None "Login settings updated";
    6096 AIDefaultProviderSet Settings Settings Update None "AI default provider set";
    6097 AIAccessEnabled Settings Settings Update None "AI access enabled";
    6098 AIAccessDisabled Settings Settings Update None "AI access disabled";
    6099 UserUpdatedAiSettings Settings Settings Update None "User AI settings updated";
    7000 ContactAdminMailSent Settings Settings Send None "Contact admin mail sent";
    7001 RoomInviteLinkUsed Documents Rooms Update Room "Room invite link used";
    7002 UserCreatedAndAddedToRoom Documents Rooms Create Room "User created and added to room";
    7003 GuestCreatedAndAddedToRoom Documents Rooms Create Room "Guest created and added to room";
    7004 ContactSalesMailSent Settings Settings Send None "Contact sales mail sent";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_by_number() {
        assert!(ACTIONS.is_sorted_by(|one, other| one.id < other.id));
        assert_eq!(named("roomcreated").map(|action| action.id), Some(5070));
        assert_eq!(named("1010").map(|action| action.name), Some("LoginSuccessViaApi"));
        assert!(named("nothing").is_none() && action(1).is_none());
    }
}
