using System.Collections.Concurrent;
using CsCheck;
using Faas.Actors.Json;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Code;
using Xunit;

namespace Faas.Actors.Tests.Scripts.Code;

public sealed class CachedCodeStoreTests
{
    private const int SizeOfOne = 200 + (2 * (64 + 100)); // of the codes that Code makes

    private readonly CountingStore _store = new();

    private RecentCode _recent = new(0);

    [Fact]
    public async Task Code_is_read_from_the_store_once()
    {
        await _store.PutAsync(Code(1), "p", default);
        var cache = Caching(_store, 10 * SizeOfOne);

        Assert.Equal(Code(1), await cache.GetAsync(Language.Python, Code(1).Hash, default));
        Assert.Equal(Code(1), await cache.GetAsync(Language.Python, Code(1).Hash, default));

        Assert.Equal(1, _store.Reads);
    }

    [Fact]
    public async Task Code_that_was_put_is_not_read_at_all()
    {
        var cache = Caching(_store, 10 * SizeOfOne);

        await cache.PutAsync(Code(1), "p", default);

        Assert.Equal(Code(1), await cache.GetAsync(Language.Python, Code(1).Hash, default));
        Assert.Equal((1, 0), (_store.Writes, _store.Reads));
    }

    [Fact]
    public async Task Code_that_is_put_again_is_written_again()
    {
        var cache = Caching(_store, 10 * SizeOfOne);

        await cache.PutAsync(Code(1), "p", default);
        await cache.PutAsync(Code(1), "p", default);

        Assert.Equal(2, _store.Writes);
        Assert.Equal(SizeOfOne, _recent.Bytes);
    }

    [Fact]
    public async Task Code_whose_write_failed_is_not_kept()
    {
        var cache = Caching(new FailingStore(), 10 * SizeOfOne);

        await Assert.ThrowsAsync<StoreException>(() => cache.PutAsync(Code(1), "p", default));

        Assert.Equal(0, _recent.Bytes);
    }

    [Fact]
    public async Task Missing_code_is_asked_for_each_time()
    {
        var cache = Caching(_store, 10 * SizeOfOne);

        Assert.Null(await cache.GetAsync(Language.Python, Code(1).Hash, default));
        await _store.PutAsync(Code(1), "p", default);

        Assert.NotNull(await cache.GetAsync(Language.Python, Code(1).Hash, default));
    }

    [Fact]
    public async Task The_least_recently_used_code_goes_first()
    {
        var cache = Caching(_store, 2 * SizeOfOne);
        await cache.PutAsync(Code(1), "p", default);
        await cache.PutAsync(Code(2), "p", default);
        await cache.GetAsync(Language.Python, Code(1).Hash, default);

        await cache.PutAsync(Code(3), "p", default);

        await cache.GetAsync(Language.Python, Code(1).Hash, default);
        await cache.GetAsync(Language.Python, Code(3).Hash, default);
        Assert.Equal(0, _store.Reads);
        await cache.GetAsync(Language.Python, Code(2).Hash, default);
        Assert.Equal(1, _store.Reads);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(SizeOfOne - 1)]
    public async Task Code_larger_than_the_limit_is_not_kept(long limit)
    {
        var cache = Caching(_store, limit);

        await cache.PutAsync(Code(1), "p", default);
        await cache.GetAsync(Language.Python, Code(1).Hash, default);

        Assert.Equal((0L, 1), (_recent.Bytes, _store.Reads));
    }

    [Fact]
    public async Task Whatever_many_callers_do_at_once_the_limit_holds_and_the_answers_are_right()
    {
        await Gen.Int[0, 9].Array[200].SampleAsync(async numbers =>
        {
            var recent = new RecentCode(4 * SizeOfOne);
            var cache = new CachedCodeStore(new CountingStore(), recent);
            await Parallel.ForEachAsync(numbers, async (number, cancellation) =>
            {
                await cache.PutAsync(Code(number), "p", cancellation);
                Assert.Equal(Code(number), await cache.GetAsync(Language.Python, Code(number).Hash, cancellation));
                Assert.InRange(recent.Bytes, 0, 4 * SizeOfOne);
            });
        }, iter: 20);
    }

    private CachedCodeStore Caching(ICodeStore store, long maxBytes) => new(store, _recent = new RecentCode(maxBytes));

    private static ScriptCode Code(int number) => ScriptCode.Of(Language.Python, $"{number}".PadRight(100));

    private sealed class CountingStore : ICodeStore
    {
        private readonly ConcurrentDictionary<string, ScriptCode> _codes = new();
        private int _reads;
        private int _writes;

        public int Reads => _reads;

        public int Writes => _writes;

        public Task PutAsync(ScriptCode code, string path, CancellationToken cancellation)
        {
            Interlocked.Increment(ref _writes);
            _codes.TryAdd(code.Key, code);
            return Task.CompletedTask;
        }

        public Task<bool> ReferAsync(CodeName code, string path, CancellationToken cancellation) =>
            throw new NotSupportedException();

        public Task<string?> ReferenceAsync(CodeName code, string path, CancellationToken cancellation) =>
            throw new NotSupportedException();

        public Task ReleaseAsync(CodeName code, string path, string token, CancellationToken cancellation) =>
            throw new NotSupportedException();

        public Task<ScriptCode?> GetAsync(Language language, string hash, CancellationToken cancellation)
        {
            Interlocked.Increment(ref _reads);
            return Task.FromResult(_codes.GetValueOrDefault($"{language.ToWire()}:{hash}"));
        }
    }

    private sealed class FailingStore : ICodeStore
    {
        public Task PutAsync(ScriptCode code, string path, CancellationToken cancellation) =>
            Task.FromException(new StoreException("no answer"));

        public Task<bool> ReferAsync(CodeName code, string path, CancellationToken cancellation) =>
            throw new NotSupportedException();

        public Task<string?> ReferenceAsync(CodeName code, string path, CancellationToken cancellation) =>
            throw new NotSupportedException();

        public Task ReleaseAsync(CodeName code, string path, string token, CancellationToken cancellation) =>
            throw new NotSupportedException();

        public Task<ScriptCode?> GetAsync(Language language, string hash, CancellationToken cancellation) =>
            throw new StoreException("no answer");
    }
}
