using Faas.Actors.Storage.Redis;
using Xunit;

namespace Faas.Actors.Tests.Storage.Stores;

/// <summary>
/// A store of a test class's own: <c>IClassFixture&lt;RedisServerStore&gt;</c> or <c>IClassFixture&lt;EmbeddedStore&gt;</c>. Nothing of it
/// outlives the class.
/// </summary>
public abstract class StoreFixture : IAsyncLifetime
{
    /// <summary>A folder of the fixture's own.</summary>
    protected string Folder { get; } = TestFolder.Create("faas-store-");

    /// <summary>How to reach the store.</summary>
    public abstract StoreOptions Options { get; }

    /// <summary>An open connection to it.</summary>
    public abstract RedisConnection Connection { get; }

    /// <summary>The redis-server's process id, to kill or stop it.</summary>
    public abstract int ServerProcessId { get; }

    /// <summary>The keys under the options' prefix.</summary>
    public StoreKeys Keys => new(Options.KeyPrefix);

    /// <inheritdoc/>
    public abstract Task InitializeAsync();

    /// <inheritdoc/>
    public virtual Task DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return Task.CompletedTask;
    }
}
