using Microsoft.Extensions.DependencyInjection;

namespace Faas.Actors.UseCases.Batches;

/// <summary>Wiring.</summary>
public static class BatchHosting
{
    /// <summary>Registers the use cases of batches. The caller adds <c>IBatches</c>, and the kept runs.</summary>
    public static IServiceCollection AddBatches(this IServiceCollection services) => services
        .AddSingleton<AcceptBatch>()
        .AddSingleton<CancelBatch>();
}
