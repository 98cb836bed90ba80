// Stands for your site's own login. Replace it: this one believes whatever the cookie says.
export async function userOf(request) {
  const name = /(?:^|;\s*)user=(\w{1,32})/.exec(request.headers.cookie ?? '')?.[1];
  return name ? { id: `user-${name.toLowerCase()}`, name } : null;
}
