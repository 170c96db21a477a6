package io.sluice.persistence.net;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;

/**
 * How sockets are driven: epoll through Netty's native library, or the JDK's selector.
 *
 * @param handlers drive the event loops
 * @param listeners class of listening sockets
 * @param channels class of sockets that connect
 */
public record Transport(IoHandlerFactory handlers, Class<? extends ServerSocketChannel> listeners,
        Class<? extends SocketChannel> channels) {

    /** Epoll if it is wanted and there, else NIO. */
    public static Transport of(boolean wantNative) {
        return wantNative && Epoll.isAvailable() ? epoll() : nio();
    }

    private static Transport epoll() {
        return new Transport(EpollIoHandler.newFactory(), EpollServerSocketChannel.class, EpollSocketChannel.class);
    }

    private static Transport nio() {
        return new Transport(NioIoHandler.newFactory(), NioServerSocketChannel.class, NioSocketChannel.class);
    }
}
