package dev.bitacora.agent.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A TCP proxy on 127.0.0.1 that lets bytes trickle and resets connections at random moments. */
public final class BadNetwork implements AutoCloseable {
  private final ServerSocket server;
  private final int target;
  private final Random random = new Random(42);
  private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
  private final AtomicInteger resets = new AtomicInteger();
  private volatile int bytesPerMillisecond = Integer.MAX_VALUE;
  private volatile int meanBytesBetweenResets = Integer.MAX_VALUE;

  /**
   * Forwards at once.
   *
   * @param address where it listens, {@code 127.0.0.1:port}
   * @param target port of the server
   */
  public BadNetwork(String address, int target) {
    this.target = target;
    int port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
    try {
      server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    run("accept", this::accept);
  }

  /** From now on no more than this gets through, in either direction of each connection. */
  public void throttle(int bytesPerMillisecond) {
    this.bytesPerMillisecond = bytesPerMillisecond;
  }

  /** From now on each connection is reset after about so many bytes. */
  public void resetAfterAbout(int bytes) {
    this.meanBytesBetweenResets = bytes;
  }

  /** Forwards everything at once again. */
  public void mend() {
    throttle(Integer.MAX_VALUE);
    resetAfterAbout(Integer.MAX_VALUE);
  }

  public int resets() {
    return resets.get();
  }

  private static void run(String name, Runnable task) {
    Thread thread = new Thread(task, "bad-network-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        sockets.add(client);
        connect(client);
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void connect(Socket client) {
    try {
      Socket broker = new Socket(InetAddress.getLoopbackAddress(), target);
      sockets.add(broker);
      run("there", () -> pump(client, broker));
      run("back", () -> pump(broker, client));
    } catch (IOException e) {
      reset(client);
    }
  }

  private void pump(Socket from, Socket to) {
    byte[] buffer = new byte[4096];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      int most = Math.min(buffer.length, bytesPerMillisecond);
      for (int n = in.read(buffer, 0, most); n >= 0; n = in.read(buffer, 0, most)) {
        if (isToBeReset(n)) {
          resets.incrementAndGet();
          reset(to);
          break;
        }
        out.write(buffer, 0, n);
        if (n >= bytesPerMillisecond) {
          LockSupport.parkNanos(1_000_000);
        }
        most = Math.min(buffer.length, bytesPerMillisecond);
      }
    } catch (IOException e) {
      // the other side has ended
    }
    reset(from);
    reset(to);
  }

  private synchronized boolean isToBeReset(int bytes) {
    return meanBytesBetweenResets != Integer.MAX_VALUE
        && random.nextDouble() < (double) bytes / meanBytesBetweenResets;
  }

  /** No goodbye: what is on its way is lost. */
  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      // closed already
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      // nothing was written to it
    }
    sockets.forEach(BadNetwork::reset);
  }
}
