using Microsoft.Extensions.DependencyInjection;

namespace Faas.Actors.Lending;

/// <summary>Wires the lending of a server that has its store for itself: there is no other node to lend to.</summary>
public static class LendingHosting
{
    /// <summary>Registers <see cref="IAuthority"/> and <see cref="LoanBook"/>, in which nothing is ever entered.</summary>
    public static IServiceCollection AddSoleAuthority(this IServiceCollection services) => services
        .AddSingleton<IAuthority>(SoleAuthority.Instance)
        .AddSingleton(new LoanBook(SoleAuthority.Instance, TimeProvider.System));
}
