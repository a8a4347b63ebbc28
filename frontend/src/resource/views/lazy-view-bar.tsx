import dynamic from 'next/dynamic';

const load = () => import('./view-bar').then((module) => module.ViewBar);

if (typeof window !== 'undefined') void load();

/** The views of a list, loaded beside its rows. */
export const ViewBar = dynamic(() => load(), { ssr: false, loading: () => <div className="views" /> });
