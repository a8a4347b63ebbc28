import { useEffect } from 'react';

/** Has the browser ask before the page is closed or loaded anew, and calls back where a link would leave it. */
export function useLeaveWarning(isOn: boolean, onLink: ((href: string) => void) | null) {
  useEffect(() => {
    if (!isOn) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [isOn]);

  useEffect(() => {
    if (!isOn || !onLink) return;
    const hold = (event: MouseEvent) => {
      const isPlain =
        event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
      const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
      const href = link?.getAttribute('href') ?? '';
      if (!isPlain || !href.startsWith('/') || link?.getAttribute('target') === '_blank') return;
      event.preventDefault();
      event.stopPropagation();
      onLink(href);
    };
    document.addEventListener('click', hold, true);
    return () => document.removeEventListener('click', hold, true);
  }, [isOn, onLink]);
}
