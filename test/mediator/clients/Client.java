import java.io.FileInputStream;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Asks the URL that is given, by the proxy of https_proxy and the roots of SSL_CERT_FILE, which Java does not read by itself. */
class Client {
  public static void main(String[] args) throws Exception {
    var proxy = URI.create(System.getenv("https_proxy"));
    var user = URLDecoder.decode(proxy.getRawUserInfo(), StandardCharsets.UTF_8);
    var client =
        HttpClient.newBuilder()
            .sslContext(trusting(System.getenv("SSL_CERT_FILE")))
            .proxy(ProxySelector.of(new InetSocketAddress(proxy.getHost(), proxy.getPort())))
            .build();
    var request =
        HttpRequest.newBuilder(URI.create(args[0]))
            .header("Proxy-Authorization", "Basic " + Base64.getEncoder().encodeToString(user.getBytes()))
            .build();
    System.out.print(client.send(request, BodyHandlers.ofString()).body());
  }

  static SSLContext trusting(String path) throws Exception {
    var roots = KeyStore.getInstance("PKCS12");
    roots.load(null, null);
    try (var file = new FileInputStream(path)) {
      for (var root : CertificateFactory.getInstance("X.509").generateCertificates(file))
        roots.setCertificateEntry(String.valueOf(roots.size()), root);
    }
    var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(roots);
    var context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }
}
