package dev.attribution.spring;

import dev.attribution.StorageException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.ConnectionProxy;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.TransactionTimedOutException;

/**
 * Hands out the connection of the application's transaction. A transaction whose time is over refuses each statement by an
 * exception of Spring, which is raised as the fault that it is.
 */
final class CurrentDataSource extends TransactionAwareDataSourceProxy {
    CurrentDataSource(DataSource pool) {
        super(pool);
    }

    @Override
    protected Connection getTransactionAwareConnectionProxy(DataSource targetDataSource) {
        Connection connection = super.getTransactionAwareConnectionProxy(targetDataSource);
        return (Connection) Proxy.newProxyInstance(
                ConnectionProxy.class.getClassLoader(),
                new Class<?>[] {ConnectionProxy.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("equals")) {
                        return proxy == arguments[0];
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getTargetException() instanceof TransactionTimedOutException timedOut
                                ? timedOut(timedOut)
                                : e.getTargetException();
                    }
                });
    }

    static StorageException timedOut(TransactionTimedOutException cause) {
        return new StorageException(
                "The time of the application's transaction is over, as @Transactional(timeout = …) or its manager says."
                        + " Roll the transaction back and repeat everything in it.",
                true,
                cause);
    }
}
