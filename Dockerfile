# One image: the service, its commands and the example components are the same jar.
FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /build
COPY . .
RUN mvn -B -ntp -pl audit-cli -am -DskipTests -Dspotless.check.skip package

FROM eclipse-temurin:17-jre
LABEL org.opencontainers.image.title="Bitácora" \
      org.opencontainers.image.description="Centralized logging and audit" \
      org.opencontainers.image.licenses="Apache-2.0"
RUN groupadd --gid 10001 bitacora \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/bitacora --shell /usr/sbin/nologin bitacora \
 && install -d -o 10001 -g 10001 -m 0700 /var/lib/bitacora /var/spool/bitacora
COPY docker/healthy.sh /usr/local/bin/bitacora-healthy
COPY --from=build /build/audit-cli/target/bitacora.jar /opt/bitacora/bitacora.jar
COPY LICENSE NOTICE /opt/bitacora/
USER 10001:10001
WORKDIR /var/lib/bitacora
ENV BITACORA_DATA_DIR=/var/lib/bitacora BITACORA_SPOOL_DIR=/var/spool/bitacora
EXPOSE 7070 7071
# Of the viewer or standalone; another service says its own port.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=6 CMD ["bitacora-healthy", "7070", "/login"]
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=60", "-XX:+ExitOnOutOfMemoryError", "-jar", "/opt/bitacora/bitacora.jar"]
CMD ["--help"]
