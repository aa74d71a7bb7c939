#!/bin/sh
# A browser for the tests in tests/pages: what is there is taken; on Debian as root it is installed; otherwise it is said.
set -eu
[ -z "${DOORSTEP_TEST_CHROMIUM:-}" ] || exit 0
for name in chromium chromium-browser google-chrome; do
	if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
told="The tests of the pages are skipped until there is a Chromium: install it, or name one in DOORSTEP_TEST_CHROMIUM."
if ! command -v apt-get >/dev/null 2>&1 || [ "$(id -u)" != 0 ]; then
	echo "$told"
	exit 0
fi
echo "Installing Chromium for the tests of the pages"
export DEBIAN_FRONTEND=noninteractive
if ! { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core; } >/dev/null 2>&1; then
	echo "apt-get could not install it. $told"
fi
