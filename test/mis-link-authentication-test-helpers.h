// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Two ends of a link-layer authentication, what is between them, and plans of their runs.
 */
#ifndef MIS_LINK_AUTHENTICATION_TEST_HELPERS_H
#define MIS_LINK_AUTHENTICATION_TEST_HELPERS_H

#include "mis-crypto-test-helpers.h"

#include "ns3/mis-eps-aka.h"
#include "ns3/mis-four-way-handshake.h"
#include "ns3/mis-link-authentication.h"
#include "ns3/mis-link-kdf.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ns3::mis::test
{

using State = LinkAuthenticationState;
using Outcome = LinkAuthenticationOutcome;
using Drop = LinkAuthenticationDrop;

/** @brief A random source that gives one octet only. */
class ConstantSource : public RandomSource
{
  public:
    /** @brief A source. @param octet what it gives */
    explicit ConstantSource(uint8_t octet)
        : m_octet(octet)
    {
    }

    void Fill(uint8_t* out, std::size_t n) override
    {
        std::fill_n(out, n, m_octet);
    }

  private:
    uint8_t m_octet; //!< what it gives
};

inline const MacOctets AA{0x02, 0, 0, 0, 0, 0x01};                 //!< the point of attachment
inline const MacOctets SPA{0x02, 0, 0, 0, 0, 0x02};                //!< the mobile node
inline const Plmn PLMN{0x00, 0xf1, 0x10};                          //!< the serving network of LTE
inline const std::string IMSI = "001010123456789";                 //!< the subscriber
inline const std::string K = "465b5ce8b199b49faa5f0a2ee238a6bc";   //!< TS 35.208, test set 1
inline const std::string OPC = "cd63cb71954a9f4e48a5994e37a02baf"; //!< TS 35.208, test set 1

/** Link types that have an authentication. */
inline const std::vector<LinkType> LINK_TYPES{LinkType::WIFI,
                                              LinkType::ETHERNET,
                                              LinkType::WIMAX,
                                              LinkType::UMTS};

/**
 * @brief Describe the link of the tests.
 * @param type its type
 * @return link and point of attachment
 */
inline LinkTupleId
MakeLink(LinkType type)
{
    LinkTupleId link;
    link.link.type = type;
    link.link.address = LinkAddress::Mac(SPA);
    link.poa = type == LinkType::UMTS ? LinkAddress::Cell3g(PLMN, 7) : LinkAddress::Mac(AA);
    return link;
}

/** @brief What is done to a frame on its way. */
enum class Fate
{
    DELIVER,
    LOSE,
    DOUBLE,
    CHANGE
};

/** @brief How a conversation is to go. */
struct Plan
{
    LinkType type{LinkType::WIFI}; //!< of the link
    bool installed{false};         //!< whether a key is installed instead of EAP or AKA
    bool onlySupplicant{false};    //!< whether only the mobile node has a key beforehand
    bool onlyAuthenticator{false}; //!< whether only the point of attachment has one
    bool earlyKey{true};           //!< whether the EAP peer has the key before Success
    unsigned rounds{3};            //!< EAP requests
    bool authenticatorFirst{true}; //!< whether the authenticator starts, too
    std::size_t spoiled{SIZE_MAX}; //!< which frame of the conversation has a fate
    Fate fate{Fate::DELIVER};      //!< which
    std::function<Bytes(const Bytes&)> change;      //!< for CHANGE
    SecretBytes supplicantKey{Ascending(0, 64)};    //!< MSK, or key installed
    SecretBytes authenticatorKey{Ascending(0, 64)}; //!< MSK, or key installed
    CryptoBackend backend{CryptoBackend::OPENSSL};  //!< of all
    uint64_t seed{1};                               //!< of all
    bool constant{false};                           //!< random octets a0 and b0
    uint64_t usimSqn{0};                            //!< highest SQN that the USIM has seen
    std::string usimK{K};                           //!< K of the USIM
    bool homeKnows{true}; //!< whether the home network knows the subscriber
    unsigned patience{4}; //!< how often both ends are asked to repeat
};

/** @brief A frame on its way. */
struct Sent
{
    bool downlink; //!< whether the authenticator has sent it
    Bytes octets;  //!< the frame
};

/** @brief Two ends, a dummy EAP method of several rounds, a home network, and frames between. */
class Conversation
{
  public:
    /** @brief Prepare. @param plan how it goes */
    explicit Conversation(const Plan& plan)
        : plan(plan),
          mobile(plan.backend, plan.seed * 2),
          network(plan.backend, plan.seed * 2 + 1),
          home(plan.backend, plan.seed + 100),
          a0(0xa0),
          b0(0xb0),
          constantMobile(plan.backend, b0),
          constantNetwork(plan.backend, a0),
          usim(IMSI, Hex(plan.usimK), Hex(OPC), plan.usimSqn),
          subscriber(Hex(K), Hex(OPC)),
          supplicant(MakeLinkSupplicant(Mobile(), MakeLink(plan.type), &usim)),
          authenticator(MakeLinkAuthenticator(Network(), MakeLink(plan.type)))
    {
        if (plan.onlySupplicant)
        {
            keysInstalled = supplicant->InstallKey(Repeat(0x77, MSPMK_SIZE));
        }
        else if (plan.onlyAuthenticator)
        {
            keysInstalled = authenticator->InstallKey(Repeat(0x77, MSPMK_SIZE));
        }
        else if (plan.installed)
        {
            keysInstalled =
                supplicant->InstallKey(plan.supplicantKey.View().Sub(0, MSPMK_SIZE)) &&
                authenticator->InstallKey(plan.authenticatorKey.View().Sub(0, MSPMK_SIZE));
        }
    }

    /** @return computing of the mobile node */
    CryptoContext& Mobile()
    {
        return plan.constant ? constantMobile : mobile.ctx;
    }

    /** @return computing of the point of attachment */
    CryptoContext& Network()
    {
        return plan.constant ? constantNetwork : network.ctx;
    }

    /** @return whether both ends have the same keys of the link */
    bool Agreed() const
    {
        return supplicant->Outcome() == Outcome::SUCCESS &&
               authenticator->Outcome() == Outcome::SUCCESS && !supplicant->Keys().IsEmpty() &&
               supplicant->Keys() == authenticator->Keys();
    }

    /** @return whether an end that failed has no keys, and no two ends have different ones */
    bool Sound() const
    {
        const auto clean = [](const LinkAuthenticationEnd& end) {
            return (end.Outcome() == Outcome::SUCCESS) == !end.Keys().IsEmpty() &&
                   (end.State() == State::AUTHENTICATED) == (end.Outcome() == Outcome::SUCCESS);
        };
        return clean(*supplicant) && clean(*authenticator) &&
               (supplicant->Outcome() != Outcome::SUCCESS ||
                authenticator->Outcome() != Outcome::SUCCESS ||
                supplicant->Keys() == authenticator->Keys());
    }

    /** @brief Talk until both ends are done, or patience is over. */
    void Run()
    {
        Do(false, supplicant->Start());
        if (plan.authenticatorFirst)
        {
            Do(true, authenticator->Start());
        }
        Deliver();
        for (unsigned i = 0; i < plan.patience && !Settled(); ++i)
        {
            ++repetitions;
            Do(true, authenticator->Repeat());
            Do(false, supplicant->Repeat());
            Deliver();
        }
        if (!Settled())
        {
            supplicant->GiveUp();
            authenticator->GiveUp();
        }
    }

    /** @brief Deliver what is under way, and what it causes. */
    void Deliver()
    {
        while (!underWay.empty())
        {
            const Sent frame = std::move(underWay.front());
            underWay.pop_front();
            Arrive(frame);
        }
    }

    /**
     * @brief Do what an end wants done.
     * @param downlink whether it is the authenticator
     * @param output what it wants
     */
    void Do(bool downlink, LinkOutput output)
    {
        drops.push_back(output.drop);
        for (Bytes& octets : output.frames)
        {
            const std::size_t number = sent.size();
            sent.push_back(Sent{downlink, octets});
            const Fate fate = number == plan.spoiled ? plan.fate : Fate::DELIVER;
            if (fate == Fate::LOSE)
            {
                continue;
            }
            if (fate == Fate::CHANGE)
            {
                octets = plan.change(octets);
            }
            underWay.push_back(Sent{downlink, octets});
            if (fate == Fate::DOUBLE)
            {
                underWay.push_back(Sent{downlink, octets});
            }
        }
        if (output.eapWanted)
        {
            Do(true, authenticator->SendEap(Request(0)));
        }
        if (output.eap)
        {
            downlink ? ServeEap(*output.eap) : AnswerEap(*output.eap);
        }
        if (output.vectorRequest)
        {
            vectorRequests.push_back(*output.vectorRequest);
            Do(true,
               authenticator->ReceiveVector(
                   plan.homeKnows && output.vectorRequest->imsi == IMSI
                       ? subscriber.MakeVector(plan.constant ? constantNetwork : home.ctx,
                                               *output.vectorRequest)
                       : std::nullopt));
        }
    }

    /** @return whether a reason was given for a dropped frame. @param reason the reason */
    bool Dropped(Drop reason) const
    {
        return std::find(drops.begin(), drops.end(), reason) != drops.end();
    }

    /** @return sizes of the frames sent so far */
    std::vector<std::size_t> Sizes() const
    {
        std::vector<std::size_t> sizes;
        for (const Sent& frame : sent)
        {
            sizes.push_back(frame.octets.size());
        }
        return sizes;
    }

    Plan plan;                     //!< how it goes
    Computer mobile;               //!< the mobile node
    Computer network;              //!< the point of attachment
    Computer home;                 //!< the home network
    ConstantSource a0;             //!< random octets of the point of attachment, if constant
    ConstantSource b0;             //!< random octets of the mobile node, if constant
    CryptoContext constantMobile;  //!< the mobile node, if random octets are constant
    CryptoContext constantNetwork; //!< the point of attachment, if random octets are constant
    Usim usim;                     //!< credentials for LTE
    EpsSubscriber subscriber;      //!< the same in the home network
    std::unique_ptr<LinkSupplicant> supplicant;       //!< the end in the mobile node
    std::unique_ptr<LinkAuthenticator> authenticator; //!< the end in the point of attachment
    bool keysInstalled{false}; //!< whether both ends have taken the key installed
    std::deque<Sent> underWay; //!< frames that will arrive
    std::vector<Sent> sent;    //!< all frames
    std::vector<Drop> drops;   //!< reasons of all outputs
    std::vector<AuthenticationVectorRequest> vectorRequests; //!< what the home network was asked
    unsigned repetitions{0}; //!< how often both ends were asked to repeat

  private:
    /** @return whether nothing more is to be expected */
    bool Settled() const
    {
        const auto settled = [](const LinkAuthenticationEnd& end) {
            return end.Outcome() != Outcome::PENDING;
        };
        return settled(*supplicant) && settled(*authenticator);
    }

    /** @brief Let a frame arrive. @param frame the frame */
    void Arrive(const Sent& frame)
    {
        if (frame.downlink)
        {
            Do(false, supplicant->Receive(frame.octets));
        }
        else
        {
            Do(true, authenticator->Receive(frame.octets));
        }
    }

    /** @return an EAP packet of the dummy method */
    static Bytes Packet(uint8_t code, unsigned round, std::size_t octets)
    {
        Bytes packet{code, static_cast<uint8_t>(round), 0, static_cast<uint8_t>(octets)};
        packet.resize(octets, static_cast<uint8_t>(round));
        return packet;
    }

    /** @return the request of a round */
    static Bytes Request(unsigned round)
    {
        return Packet(1, round, 40 + 60 * round);
    }

    /** @return the response of a round */
    static Bytes Response(unsigned round)
    {
        return Packet(2, round, 30 + 70 * round);
    }

    /** @return EAP-Success */
    static Bytes Success()
    {
        return Packet(3, 0, 4);
    }

    /** @brief The EAP server takes a packet. */
    void ServeEap(const Bytes& packet)
    {
        if (packet != Response(m_round))
        {
            return;
        }
        ++m_round;
        Do(true,
           m_round == plan.rounds ? authenticator->EapSucceeded(Success(), plan.authenticatorKey)
                                  : authenticator->SendEap(Request(m_round)));
    }

    /** @brief The EAP peer takes a packet. */
    void AnswerEap(const Bytes& packet)
    {
        const bool early = plan.earlyKey && plan.type != LinkType::ETHERNET;
        if (packet == Success())
        {
            supplicant->EapSucceeded(plan.supplicantKey);
            return;
        }
        for (unsigned round = 0; round < plan.rounds; ++round)
        {
            if (packet == Request(round))
            {
                Do(false, supplicant->SendEap(Response(round)));
                if (early && round + 1 == plan.rounds)
                {
                    supplicant->EapSucceeded(plan.supplicantKey);
                }
            }
        }
    }

    unsigned m_round{0}; //!< of the EAP server
};

/** @return a plan in words */
inline std::string
Describe(const Plan& plan)
{
    return std::string(ToString(plan.type)) + (plan.installed ? " installed" : " full") +
           (plan.earlyKey ? " early" : " late") +
           (plan.spoiled == SIZE_MAX ? "" : " frame " + std::to_string(plan.spoiled));
}

} // namespace ns3::mis::test

#endif /* MIS_LINK_AUTHENTICATION_TEST_HELPERS_H */
