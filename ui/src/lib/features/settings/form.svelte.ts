/** What the forms of the settings have in common: a draft, its way to the server, and what the server says against it. */
import { tick, untrack } from 'svelte';
import { ApiError, isUnreachable, sentence } from '$lib/api/client';
import { type Key, t } from '$lib/text';
import { toast } from '$lib/toasts.svelte';

type Errors<Draft> = Partial<Record<keyof Draft, string>>;

interface Options<Draft> {
  /** What is set, as its heading says. */
  name: Key;
  /** What holds now, as a draft. The names of its members are the server's: it says by them what it refuses. */
  loaded: () => Draft;
  check?: (draft: Draft) => Errors<Draft>;
  /** Whether this draft is asked about before it is saved. */
  asks?: (draft: Draft) => boolean;
  /** Throws the refusal. */
  save: (draft: Draft) => Promise<unknown>;
}

export class Form<Draft extends object> {
  draft: Draft;
  errors: Errors<Draft> = $state({});
  problem = $state('');
  busy = $state(false);
  /** The question before is open. */
  asking = $state(false);
  element = $state<HTMLFormElement | null>(null);
  /** What holds, as far as this form knows. */
  #known: string;

  constructor(private readonly options: Options<Draft>) {
    const draft = $state(untrack(options.loaded));
    this.draft = draft;
    this.#known = JSON.stringify(draft);
    $effect(() => this.#follow(options.loaded()));
  }

  /** Whatever comes from elsewhere is shown, unless something else was typed meanwhile. */
  #follow(loaded: Draft): void {
    const text = JSON.stringify(loaded);
    if (text === this.#known) return;
    untrack(() => {
      if (!this.isChanged) this.show(loaded);
      this.#known = text;
    });
  }

  get isChanged(): boolean {
    return JSON.stringify(this.draft) !== this.#known;
  }

  /** Puts what holds now into the fields. */
  show(draft: Draft): void {
    Object.assign(this.draft, draft);
    this.#known = JSON.stringify(draft);
    this.errors = {};
  }

  readonly submit = async (event: SubmitEvent): Promise<void> => {
    const { check, asks } = this.options;
    event.preventDefault();
    if (this.busy) return;
    this.problem = '';
    this.errors = check?.(this.draft) ?? {};
    if (this.#isWrong) await this.#focusError();
    else if (!this.isChanged) toast(t('settings.unchanged'));
    else if (asks?.(this.draft)) this.asking = true;
    else await this.confirm();
  };

  /** Saves it, asked about or not. */
  readonly confirm = (): Promise<void> =>
    this.attempt(async () => {
      await this.options.save({ ...this.draft });
      // What was typed holds; the server's own words for it may follow.
      this.#known = JSON.stringify(this.draft);
    });

  async attempt(work: () => Promise<unknown>): Promise<void> {
    if (this.busy) return;
    [this.busy, this.problem] = [true, ''];
    try {
      await work();
      this.asking = false;
      toast(t('settings.saved', { what: t(this.options.name) }), { kind: 'done' });
    } catch (error) {
      await this.#explain(error);
    } finally {
      this.busy = false;
    }
  }

  async #explain(error: unknown): Promise<void> {
    const said = sentence(error);
    const fields = error instanceof ApiError ? error.fields : {};
    for (const key of Object.keys(this.draft) as (keyof Draft & string)[]) {
      const isIt = (word: string) => word.toLowerCase() === key.toLowerCase();
      const field = Object.keys(fields).find(isIt);
      // Some refusals are no more than the member's name.
      if (field) this.errors[key] = fields[field]?.[0];
      else if (isIt(said)) this.errors[key] = t('settings.refused');
    }
    if (!this.#isWrong) {
      this.problem = isUnreachable(error) ? t('error.unreachable') : said;
      return;
    }
    this.asking = false;
    await this.#focusError();
  }

  get #isWrong(): boolean {
    return Object.values(this.errors).some(Boolean);
  }

  async #focusError(): Promise<void> {
    await tick();
    this.element?.querySelector<HTMLElement>('[aria-invalid]')?.focus();
  }
}
