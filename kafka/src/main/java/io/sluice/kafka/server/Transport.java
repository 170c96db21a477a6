package io.sluice.kafka.server;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;

/** How sockets are driven: epoll through Netty's native library, or the JDK's selector. */
record Transport(IoHandlerFactory handlers, Class<? extends ServerSocketChannel> channels) {

    /** Epoll if it is wanted and there, else NIO. */
    static Transport of(boolean wantNative) {
        return wantNative && Epoll.isAvailable()
                ? new Transport(EpollIoHandler.newFactory(), EpollServerSocketChannel.class)
                : new Transport(NioIoHandler.newFactory(), NioServerSocketChannel.class);
    }
}
