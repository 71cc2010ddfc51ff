import type { HandleClientError } from '@sveltejs/kit';

/** What goes wrong is told in the console, for whoever looks for the cause; an address that leads nowhere is no fault. */
export const handleError: HandleClientError = ({ error, status, message }) => {
  if (status !== 404) console.error(error);
  return { message };
};
