import { askedFor } from './shell/asked-page';

/** Next calls it when a page is asked for, by a link, by the browser's own buttons or by the product. */
export const onRouterTransitionStart = (address: string) => askedFor(address);
