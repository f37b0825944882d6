/** What stands in public on a page of ours, or names it elsewhere. */
export type PublicKind = 'comment' | 'live_comment' | 'post' | 'mention' | 'review'

/** What became of it. */
export type PublicVerb = 'add' | 'edit' | 'remove' | 'hide' | 'unhide'

/** A picture or video that stands with it; the address is the platform's, and expires. */
export interface PublicMedia {
  kind: 'image' | 'video'
  url: string
}

/** Something said in public, as far as the platform told. */
export interface PublicPost {
  /** The platform's id of it. */
  id: string
  kind: PublicKind
  /** Our own page said it. */
  own: boolean
  authorId?: string
  authorName?: string
  text?: string
  media?: PublicMedia[]
  /** Id of the comment that it answers. */
  parentId?: string
  /** Id, address and words of the post that it stands under. */
  threadId?: string
  threadPermalink?: string
  threadText?: string
  permalink?: string
  publishedAt?: Date
  /** The platform knows more than it told: to be asked for. */
  incomplete?: true
}

/** One thing that a platform tells of something said in public: it is no message, nobody waits in a conversation. */
export interface PublicEvent {
  channel: string
  account: string
  /** Unique within (channel, account): a second one with the same id is a redelivery. */
  externalId: string
  verb: PublicVerb
  /** By the platform's clock. */
  at: Date
  post: PublicPost
}

/** Stores events durably, once each and in whatever order they come; resolves after the commit, as `SaveInbound` does. */
export type SavePublic = (events: PublicEvent[]) => Promise<{ saved: number; repeated: number }>

/** Of a post, what a call has to know. */
export type PublicRef = Pick<PublicPost, 'id' | 'kind' | 'threadId'>

/** What can be done with it at the platform. */
export type PublicAct = 'reply' | 'replyPrivately' | 'hide'

/**
 * Why a platform will never do it: what it is about was removed, it was done before, or it does not let us. Whatever may pass is
 * thrown as a SendError.
 */
export type PublicRefusal = 'gone' | 'already' | 'not_allowed' | 'too_late'

/** A call that was answered. */
export type PublicOutcome<T> = { done: T } | { refused: PublicRefusal; providerCode?: string }

/** Calls for what is said in public; each act makes exactly one, and throws SendError as `Channel.send` does. */
export interface PublicPosts {
  /** Most characters of an answer in public, and of one in private. */
  longest: { reply: number; replyPrivately: number }
  /** Where a person writes to this account in private; undefined when that cannot be known from its id. */
  privateLink?: string
  may(act: PublicAct, post: PublicRef): boolean
  reply(post: PublicRef, text: string, signal: AbortSignal): Promise<PublicOutcome<{ id: string }>>
  /** Opens a conversation with the author: `address` is theirs in this channel. */
  replyPrivately(
    post: PublicRef,
    text: string,
    signal: AbortSignal,
  ): Promise<PublicOutcome<{ address?: string | undefined; providerId?: string | undefined }>>
  setHidden(post: PublicRef, hidden: boolean, signal: AbortSignal): Promise<PublicOutcome<true>>
  /** Deletes an answer of ours by its id. */
  deleteReply(id: string, signal: AbortSignal): Promise<PublicOutcome<true>>
  /** Answers of ours below it, the newest first: to see whether one went whose outcome is not known. */
  ownReplies(post: PublicRef, signal: AbortSignal): Promise<PublicOutcome<{ id: string; text: string }[]>>
  /** What the platform did not tell of it. */
  details(post: PublicRef, signal: AbortSignal): Promise<PublicOutcome<Partial<PublicPost>>>
}

/** A channel whose account has pages on which people write in public. */
export interface HasPublicPosts {
  publicPosts: PublicPosts
}
