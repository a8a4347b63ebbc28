import i18next from 'i18next';
import { backoff } from '@/graphql/socket';
import { toast } from '@/ui/feedback/toast';

/** What a proxy answers for a server that is not there. */
const AWAY = [502, 503, 504];

/**
 * Next loads the address of a page whose data it cannot fetch, and while the server is away that ends in the browser's
 * own error page. So the data of a page somebody wants to see is asked for until it comes. Next's own `useOffline`
 * would do, but in a static export it asks for a file of another name the second time.
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
      if (attempt === 0) toast(i18next.t('problem.pageWaits'));
      await backoff(attempt);
    }
  };
}
