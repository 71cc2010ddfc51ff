import { redirect } from '@sveltejs/kit';
import { placeOf, queryOf } from '$lib/redirects';
import type { LayoutLoad } from './$types';

// A page of one document: the server sends the same `index.html` for every address.
export const ssr = false;
export const prerender = false;

export const load: LayoutLoad = ({ url }) => {
  const place = placeOf(url.pathname);
  if (place) redirect(307, place + queryOf(url.searchParams));
};
