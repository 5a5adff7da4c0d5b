package dev.starling.messenger;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * The catalogue of methods that only fetch what there is none of yet: each is answered by its
 * generated empty answer. A method stands here by name because somebody looked at it; nothing that
 * has an effect ever does.
 */
final class EmptyAnswers {
  static final Set<String> METHODS =
      Set.of(
          """
          account.getAutoDownloadSettings account.getAutoSaveSettings account.getAllSecureValues
          account.getChannelDefaultEmojiStatuses account.getChannelRestrictedStatusEmojis account.getChatThemes
          account.getCollectibleEmojiStatuses account.getConnectedBots account.getContactSignUpNotification
          account.getContentSettings account.getDefaultBackgroundEmojis account.getDefaultEmojiStatuses
          account.getDefaultGroupPhotoEmojis account.getDefaultProfilePhotoEmojis account.getNotifyExceptions
          account.getNotifySettings account.getReactionsNotifySettings account.getRecentEmojiStatuses
          account.getSavedMusicIds account.getSavedRingtones account.getThemes account.getUniqueGiftChatThemes
          account.getWallPapers account.getWebAuthorizations account.getWebBrowserSettings
          aicompose.getTones bots.getPopularAppBots bots.getPreviewMedias
          channels.getAdminedPublicChannels channels.getChannelRecommendations channels.getGroupsForDiscussion
          channels.getInactiveChannels channels.getLeftChannels
          contacts.getBirthdays contacts.getContactIDs contacts.getLocated contacts.getSaved
          contacts.getSponsoredPeers contacts.getStatuses contacts.getTopPeers
          help.getAppUpdate help.getCdnConfig help.getCountriesList help.getDeepLinkInfo help.getInviteText
          help.getPassportConfig help.getPeerColors help.getPeerProfileColors help.getPremiumPromo
          help.getRecentMeUrls help.getTimezonesList
          langpack.getDifference langpack.getLangPack langpack.getLanguages langpack.getStrings
          messages.getAllStickers messages.getArchivedStickers messages.getAttachMenuBots
          messages.getAttachedStickers messages.getAvailableEffects messages.getAvailableReactions
          messages.getCommonChats messages.getDefaultHistoryTTL messages.getDefaultTagReactions
          messages.getEmojiGroups
          messages.getEmojiKeywords messages.getEmojiKeywordsDifference messages.getEmojiKeywordsLanguages
          messages.getEmojiProfilePhotoGroups messages.getEmojiStatusGroups messages.getEmojiStickerGroups
          messages.getEmojiStickers messages.getExtendedMedia messages.getFavedStickers
          messages.getFeaturedEmojiStickers messages.getFeaturedStickers messages.getMaskStickers
          messages.getMyStickers messages.getOldFeaturedStickers messages.getPeerSettings
          messages.getPinnedSavedDialogs messages.getPollResults messages.getQuickReplies
          messages.getRecentReactions messages.getRecentStickers messages.getSavedGifs
          messages.getSavedReactionTags messages.getScheduledHistory
          messages.getSplitRanges messages.getSponsoredMessages messages.getStickers
          messages.getSuggestedDialogFilters messages.getTopReactions messages.getUnreadMentions
          messages.getUnreadReactions messages.getUnreadPollVotes messages.getWebPage messages.getWebPagePreview
          messages.receivedMessages
          payments.getSavedStarGifts payments.getStarGifts payments.getStarsStatus payments.getStarsTopupOptions
          payments.getStarsTransactions phone.getCallConfig photos.getUserPhotos premium.getMyBoosts
          smsjobs.isEligibleToJoin
          stories.getAllReadPeerStories stories.getAllStories stories.getChatsToSend stories.getPeerMaxIDs
          stories.getPeerStories stories.getPinnedStories stories.getStoriesArchive
          users.getRequirementsToContact users.getSavedMusic
          """
              .strip()
              .split("\\s+"));

  /** What clients fetch before anybody is signed in. */
  private static final Pattern OPEN = Pattern.compile("(help|langpack)\\..*");

  private EmptyAnswers() {}

  static boolean has(String method) {
    return METHODS.contains(method);
  }

  /** Whether the method may be called before anybody signed in. */
  static boolean isOpen(String method) {
    return OPEN.matcher(method).matches();
  }
}
