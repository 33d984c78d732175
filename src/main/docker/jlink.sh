#!/bin/sh
# Links the Java runtime of an image. The Dockerfile and e2e/images/build.sh both use it, so that both images have the same.
#   jlink.sh JDK FOLDER [MODULES]   without MODULES, those that the operator needs
set -eu
modules=${3:-java.base,java.logging,java.management,java.naming,java.net.http,java.sql,jdk.management,jdk.unsupported,jdk.zipfs}
exec "$1/bin/jlink" --add-modules "$modules" --output "$2" --strip-java-debug-attributes --no-header-files --no-man-pages \
  --generate-cds-archive
