import i18next from 'i18next';
import { backoff } from '@/graphql/socket';
import { toast } from '@/ui/feedback/toast';

/** What a proxy answers for a server that is not available. */
const AWAY = [502, 503, 504];

/**
 * When Next cannot fetch the data of a page it loads the page's address, which ends in the browser's own error page
 * while the server is not available. So the data of a page that was opened is requested until it arrives. Next's own
 * `useOffline` requests a file of another name on the second attempt of a static export.
 */
export function awaitPages(plain: typeof fetch): typeof fetch {
  return async (input, init) => {
    const headers = new Headers(init?.headers);
    const wanted = headers.has('rsc') && !headers.has('next-router-prefetch');
    for (let attempt = 0; ; attempt++) {
      const response = await plain(input, init).catch((cause) => {
        if (!wanted || init?.signal?.aborted) throw cause;
        return null;
      });
      if (response && (!wanted || init?.signal?.aborted || !AWAY.includes(response.status))) return response;
      if (attempt === 0) toast({ text: i18next.t('problem.pageWaits'), tone: 'busy' });
      await backoff(attempt);
    }
  };
}
