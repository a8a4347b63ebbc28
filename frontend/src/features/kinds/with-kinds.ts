/** From here on the navigation has room for the kinds. */
export const WITH_KINDS = '(min-width: 1200px)';
