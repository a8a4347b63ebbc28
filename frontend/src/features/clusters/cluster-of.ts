/** The cluster that the id of an object names: Kind~cluster~namespace~name. */
export const clusterOf = (id: string | null | undefined) => id?.split('~')[1];
